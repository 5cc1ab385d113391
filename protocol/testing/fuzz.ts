/**
 * `fuzz(rules)` plays many matches by chance and holds everything that must be true of any game against each move. For
 * a game's own tests: `fuzz(nimRules)` throws what it has found, with the seed that finds it again.
 */
import { legal, play, type Played } from '../game/play.ts';
import type { AnyMove, Position } from '../game/position.ts';
import { SeededRandom, seeded, type Random } from '../game/random.ts';
import { replay, RunningMatch, type Applied, type Entry } from '../game/running-match.ts';
import { positionOf, viewEvents, viewerOf, viewState, type AnyView } from '../game/view.ts';
import type { AnyRules } from '../game/game.ts';
import type { AnyType } from '../schema/type.ts';
import { Follower } from '../sync/change.ts';
import { diff } from '../sync/delta.ts';
import { sampleOf } from './sample.ts';
import { shuffledSecrets } from './secrets.ts';

export interface FuzzOptions {
  /** How many; 100 if not said. */
  readonly matches?: number;
  /** Of one match, at most; 300 if not said. */
  readonly moves?: number;
  /** Of the first match, the others follow; by the clock, if not said. */
  readonly seed?: number;
  readonly options?: object;
  /** How many seats; as many as the game has, if not said. */
  readonly seats?: number;
  /**
   * Moves whose outcome tells others what the mover did not know either: turning up the top card. Of all other moves it
   * is a leak.
   */
  readonly reveals?: readonly string[];
  /** Moves that may be refused although `legal` lists them, or accepted although it does not: it is only a hint there. */
  readonly loose?: readonly string[];
}

export interface FuzzReport {
  readonly matches: number;
  readonly moves: number;
  readonly refusals: number;
  /** Of the first match. */
  readonly seed: number;
}

/** Something that must not be. The message says what, in which match, and how to see it again. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
  readonly seed: number;
  /** The moves that led there, the last one the culprit. */
  readonly moves: readonly (AnyMove & { readonly seat: number })[];

  constructor(what: string, seed: number, moves: FuzzFailure['moves'], cause?: unknown) {
    const last = moves.at(-1);
    const where = last
      ? `move ${moves.length}, ${last.move} ${JSON.stringify(last.args)} of seat ${last.seat}`
      : 'the start';
    super(`${what} (at ${where}; again with { seed: ${seed}, matches: 1 })`, { cause });
    this.seed = seed;
    this.moves = moves;
  }
}

/** @throws FuzzFailure for the first thing that is wrong. */
export function fuzz(rules: AnyRules, options: FuzzOptions = {}): FuzzReport {
  const { matches = 100, seed = Date.now() % 2 ** 31 } = options;
  let moves = 0;
  let refusals = 0;
  for (let i = 0; i < matches; i++) {
    const match = new FuzzedMatch(rules, seed + i, options);
    match.play();
    moves += match.made;
    refusals += match.refused;
  }
  return { matches, moves, refusals, seed };
}

const mostMoves = 300;
/** Attempts with arguments by chance, for each move that is made. */
const attempts = 2;

class FuzzedMatch {
  made = 0;
  refused = 0;
  readonly #rules: AnyRules;
  readonly #seed: number;
  readonly #options: FuzzOptions;
  readonly #random: Random;
  readonly #setup: { readonly seed: number; readonly options: object; readonly seats: number | undefined };
  readonly #match: RunningMatch;
  readonly #log: Entry[] = [];
  readonly #played: (AnyMove & { readonly seat: number })[] = [];
  /** By seat, and the public at the end. */
  readonly #followers: readonly { readonly seat: number | null; readonly follower: Follower<AnyView> }[];
  #now = 0;

  constructor(rules: AnyRules, seed: number, options: FuzzOptions) {
    this.#rules = rules;
    this.#seed = seed;
    this.#options = options;
    this.#random = new SeededRandom(seeded(seed ^ 0x5eed));
    this.#setup = { seed, options: options.options ?? {}, seats: options.seats };
    this.#match = new RunningMatch(rules, this.#setup);
    for (const seat of this.#match.seats.keys()) this.#apply({ type: 'sit', seat, player: `player_${seat}` });
    this.#followers = [...this.#match.seats.keys(), null].map((seat) => ({
      seat,
      follower: new Follower(this.#match.view(seat)),
    }));
  }

  play(): void {
    const { moves = mostMoves } = this.#options;
    while (!this.#match.result && this.made < moves) {
      this.#now += this.#random.int(0, 5_000);
      for (let i = 0; i < attempts; i++) this.#attempt();
      if (!this.#match.result && !this.#moveOn()) break;
    }
    const replayed = replay(this.#rules, this.#setup, this.#log);
    this.#same(this.#match.position, replayed.position, 'replaying the log gives another match');
    this.#same(this.#log, roundTripped(this.#log), 'the log loses something as JSON');
  }

  /** Something by chance, legal or not: mostly only tried, since moves such as `resign` would end every match early. */
  #attempt(): void {
    const { schemas } = this.#rules.game;
    const seat = this.#random.int(0, this.#match.seats.length - 1);
    const move = this.#random.pick(Object.keys(schemas.moves));
    const schema = schemas.moves[move]!;
    const args = isOurs(schema) ? sampleOf(schema, this.#random) : {};
    this.#make(seat, { move, args: args as object }, { isReal: this.#random.int(1, 60) === 1 });
  }

  /** A legal move of somebody who is to act. @returns false where the rules list none. */
  #moveOn(): boolean {
    const { toAct } = this.#match.view(null);
    const seat = toAct.length > 0 ? this.#random.pick(toAct) : 0;
    const listed = this.#match.legal(seat);
    if (listed.length === 0) return false;
    this.#make(seat, this.#random.pick(listed), { isReal: true });
    return true;
  }

  #make(seat: number, call: AnyMove, { isReal }: { readonly isReal: boolean }): void {
    const before = this.#match.position;
    const view = this.#match.view(seat);
    this.#played.push({ seat, ...call });
    const verdict = this.#listed(seat, call);
    const played = play(this.#rules, before, seat, call, this.#now);
    if (!played.ok && played.error.code === 'rule_failed') this.#fail('the rules threw', played.cause);
    if (!played.ok && verdict === 'legal') this.#fail(`legal lists it, but: ${played.error.message}`);
    if (played.ok && verdict === 'illegal') this.#fail('it was accepted, but legal does not list it');
    const again = play(this.#rules, before, seat, call, this.#now);
    this.#same(outcome(played), outcome(again), 'the same move on the same state gives something else the second time');
    this.#keepsSecrets(before, seat, call, played);
    if (!played.ok) this.refused += 1;
    if (!played.ok || !isReal) return void this.#played.pop();
    const applied = this.#apply({ type: 'move', seat, ...call, at: this.#now });
    if (!applied.ok) return this.#fail(`it was refused after all: ${applied.error.message}`, applied.cause);
    this.made += 1;
    this.#follow(applied);
    this.#predicted(view, seat, call);
    const { position } = this.#match;
    this.#same(position.state, roundTripped(position.state), 'the state loses something as JSON');
  }

  /** What `legal` says; null where it says nothing. */
  #listed(seat: number, { move, args }: AnyMove): 'legal' | 'illegal' | null {
    const { behaviour } = this.#rules;
    if (!behaviour.legal?.[move] || this.#options.loose?.includes(move)) return null;
    const listed = legal(this.#rules, this.#match.position, seat).filter((one) => one.move === move);
    return listed.some((one) => diff(one.args, args) === undefined) ? 'legal' : 'illegal';
  }

  #follow(applied: Applied & { ok: true }): void {
    for (const { seat, follower } of this.#followers) {
      const part = seat === null ? undefined : applied.parts.get(seat);
      if (part) follower.accept(part);
      follower.accept(applied.commit);
      const who = seat === null ? 'the public' : `seat ${seat}`;
      this.#same(this.#match.view(seat), follower.view, `the deltas lead ${who} to another view`);
    }
  }

  /** What the mover's client would have shown at once. */
  #predicted(view: AnyView, seat: number, { move, args }: AnyMove): void {
    const predicted = play(this.#rules, positionOf(view), seat, { move, args }, NaN);
    if (!predicted.ok) return; // it needs what this seat cannot see, or know
    const { state, toAct, phase, result } = this.#match.view(seat);
    const { position } = predicted;
    this.#same(
      { state, toAct, phase, result },
      { state: position.state, toAct: position.toAct, phase: position.phase, result: position.result },
      'a client that predicts it shows something else',
    );
  }

  /** What a viewer does not see, and the mover neither, may not show in what the viewer is told. */
  #keepsSecrets(position: Position, seat: number, call: AnyMove, played: Played): void {
    const { state: type } = this.#rules.game.schemas;
    if (!type.secret || this.#options.reveals?.includes(call.move)) return;
    for (const viewer of [null, ...this.#match.seats.keys()]) {
      const unseen = [viewerOf(this.#rules, position, viewer), viewerOf(this.#rules, position, seat)];
      const other = { ...position, state: shuffledSecrets(type, position.state, unseen, this.#random) };
      this.#same(
        viewState(this.#rules, position, viewer),
        viewState(this.#rules, other, viewer),
        `what ${nameOf(viewer)} sees depends on what is concealed`,
      );
      const elsewhere = play(this.#rules, other, seat, call, this.#now);
      if (!elsewhere.ok && elsewhere.error.code === 'rule_failed') continue; // no state that could have been
      this.#same(
        viewer === seat ? answer(played) : this.#told(played, viewer),
        viewer === seat ? answer(elsewhere) : this.#told(elsewhere, viewer),
        `what ${nameOf(viewer)} is told of ${call.move} depends on what was concealed from it and from the mover`,
      );
    }
  }

  /** What others are told; of a refusal, nothing. */
  #told(played: Played, viewer: number | null): unknown {
    if (!played.ok) return null;
    const { position, events } = played;
    const { toAct, phase, result } = position;
    const state = viewState(this.#rules, position, viewer);
    return { state, toAct, phase, result, events: viewEvents(this.#rules, position, viewer, events) };
  }

  #apply(entry: Entry): Applied {
    const applied = this.#match.apply(entry);
    if (applied.ok) this.#log.push(entry);
    return applied;
  }

  #same(wanted: unknown, found: unknown, what: string): void {
    const difference = diff(wanted, found);
    if (difference !== undefined) this.#fail(`${what}: ${JSON.stringify(difference).slice(0, 300)}`);
  }

  #fail(what: string, cause?: unknown): never {
    throw new FuzzFailure(what, this.#seed, this.#played, cause);
  }
}

/** What the mover is told at once: of a move that is made it may learn more by its view. */
const answer = (played: Played): unknown => (played.ok ? 'made' : played.error);
const outcome = (played: Played): unknown =>
  played.ok ? { position: played.position, events: played.events } : played.error;
const nameOf = (viewer: number | null) => (viewer === null ? 'the public' : `seat ${viewer}`);
const roundTripped = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
const isOurs = (schema: object): schema is AnyType => 'structure' in schema;
