/** One match that is played by chance, with everything that must be true of any game held against each move. */
import type { AnyRules } from '../game/game.ts';
import { legal, play, type Played } from '../game/play.ts';
import type { AnyMove, Position } from '../game/position.ts';
import { SeededRandom, seeded, type Random } from '../game/random.ts';
import type { Entry } from '../game/entry.ts';
import type { MatchState } from '../game/match-state.ts';
import { PackedFollower } from '../game/packed-follower.ts';
import { PackedForm } from '../game/packed-form.ts';
import { replay, RunningMatch, type Applied } from '../game/running-match.ts';
import { positionOf, viewEvents, viewerOf, viewState, type AnyView } from '../game/view.ts';
import { validate } from '../schema/standard.ts';
import type { AnyType } from '../schema/type.ts';
import { Follower, type Change } from '../sync/change.ts';
import { diff } from '../sync/delta.ts';
import { FuzzFailure } from './fuzz-failure.ts';
import { firstLoss } from './first-loss.ts';
import type { FuzzOptions } from './fuzz.ts';
import { sampleOf } from './sample.ts';
import { shuffledSecrets } from './secrets.ts';

const mostMoves = 300;
/** Attempts with arguments by chance, for each move that is made. */
const attempts = 2;
/** Listed moves that are tried in each position. */
const mostListed = 12;
/** Attempts, where the rules list no moves, before a match is taken to be stuck. */
const mostAttempts = 50;

export class FuzzedMatch {
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
  readonly #followers: readonly {
    readonly seat: number | null;
    readonly follower: Follower<AnyView>;
    readonly packed: PackedFollower;
  }[];
  /** What it was after so many entries: the log must lead on from there, too. */
  #middle: { readonly state: MatchState; readonly entries: number } | null = null;
  /** Timers and flags. */
  #fallen = 0;
  #now = 0;
  #lists: { readonly of: Position; readonly bySeat: Map<number, readonly AnyMove[]> };

  constructor(rules: AnyRules, seed: number, options: FuzzOptions) {
    this.#rules = rules;
    this.#seed = seed;
    this.#options = options;
    this.#random = new SeededRandom(seeded(seed ^ 0x5eed));
    this.#setup = this.#chosenSetup();
    this.#match = this.#whole('setup threw', () => new RunningMatch(rules, this.#setup));
    this.#lists = { of: this.#match.position, bySeat: new Map() };
    for (const seat of this.#match.seats.keys()) this.#apply({ type: 'sit', seat, player: `player_${seat}`, at: 0 });
    this.#followers = [...this.#match.seats.keys(), null].map((seat) => ({
      seat,
      follower: new Follower(this.#match.view(seat)),
      packed: new PackedFollower(rules.game, this.#packed(seat)),
    }));
  }

  get ended(): boolean {
    return this.#match.result !== null;
  }

  /** @throws FuzzFailure for the first thing that is wrong. */
  play(): void {
    this.#whole('the rules threw', () => this.#playOn());
  }

  #playOn(): void {
    const { moves = mostMoves } = this.#options;
    while (!this.#match.result && this.made + this.#fallen < moves) {
      this.#letPass(this.#random.int(0, 5_000));
      for (let i = 0; i < attempts; i++) this.#attempt();
      if (!this.#match.result && !this.#moveOn()) break;
    }
    const replayed = replay(this.#rules, this.#setup, this.#log);
    this.#same(this.#match.state, replayed.state, 'replaying the log gives another match');
    if (!this.#middle) return;
    const { state, entries } = this.#middle;
    const resumed = replay(this.#rules, state, this.#log.slice(entries));
    this.#same(
      this.#match.state,
      resumed.state,
      `taking it up after ${entries} entries of the log gives another match`,
    );
  }

  #chosenSetup() {
    const { schemas, seats } = this.#rules.game;
    const { options, seats: count } = this.#options;
    const sampled = this.#random.int(0, 1) === 1 ? (sampleOf(schemas.options, this.#random) as object) : {};
    return { seed: this.#seed, options: options ?? sampled, seats: count ?? this.#random.int(...seats) };
  }

  /** Something by chance, legal or not: mostly only tried, since moves such as `resign` would end every match early. */
  #attempt(isReal = this.#random.int(1, 60) === 1): void {
    const { schemas } = this.#rules.game;
    const seat = this.#random.int(0, this.#match.seats.length - 1);
    const move = this.#random.pick(Object.keys(schemas.moves));
    const schema = schemas.moves[move]!;
    const args = isOurs(schema) ? sampleOf(schema, this.#random) : {};
    this.#make(seat, { move, args: args as object }, { isReal });
  }

  /** Timers ring, and flags fall, when they are due. */
  #letPass(ms: number): void {
    const until = this.#now + ms;
    for (let due = this.#due; due && due.at <= until && this.#fallen < mostMoves; due = this.#due) this.#fall(due);
    this.#now = Math.max(this.#now, until);
  }

  get #due(): Entry | null {
    return this.#match.due(() => 0);
  }

  #fall(due: Entry): void {
    this.#now = Math.max(this.#now, due.at);
    this.#fallen += 1;
    const applied = this.#apply(due);
    if (!applied.ok) return this.#fail(`what was due was refused: ${applied.error.message}`, applied.cause);
    if (applied.failure) this.#fail('the rules threw', applied.failure.cause);
    this.#follow(applied);
  }

  /** A move of somebody who is to act, after all that the rules list have been tried. @returns false where there is none. */
  #moveOn(): boolean {
    const { toAct } = this.#match.view(null);
    if (toAct.length === 0) {
      const due = this.#due ?? this.#fail('the match goes on, nobody is to act, and no timer runs');
      this.#fall(due);
      return true;
    }
    const calls = this.#random.shuffle(toAct.flatMap((seat) => this.#legal(seat).map((call) => ({ seat, ...call }))));
    for (const { seat, ...call } of calls.slice(1, mostListed)) this.#isPossible(seat, call);
    const [chosen] = calls;
    if (chosen) {
      this.#make(chosen.seat, { move: chosen.move, args: chosen.args }, { isReal: true });
      return true;
    }
    if (this.#listsAll) this.#fail(`seat ${toAct.join(', ')} is to act, and legal lists nothing`);
    const { made } = this;
    for (let i = 0; i < mostAttempts && made === this.made && !this.ended; i++) this.#attempt(true);
    return made < this.made;
  }

  /** What the rules list for a seat now; asked once in each position, for it may be much work. */
  #legal(seat: number): readonly AnyMove[] {
    const { position } = this.#match;
    if (this.#lists.of !== position) this.#lists = { of: position, bySeat: new Map() };
    const listed = this.#lists.bySeat.get(seat) ?? legal(this.#rules, position, seat);
    this.#lists.bySeat.set(seat, listed);
    return listed;
  }

  /** What the rules list can be done. */
  #isPossible(seat: number, call: AnyMove): void {
    const played = play(this.#rules, this.#match.position, seat, call, this.#now);
    if (played.ok || this.#options.loose?.includes(call.move)) return;
    this.#played.push({ seat, ...call });
    if (played.error.code === 'rule_failed') this.#fail('the rules threw', played.cause);
    this.#fail(`legal lists it, but: ${played.error.message}`);
  }

  /** Whether `legal` speaks of every move that needs a turn. */
  get #listsAll(): boolean {
    const { game, behaviour } = this.#rules;
    return Object.keys(game.schemas.moves).every(
      (move) => behaviour.legal?.[move] !== undefined || behaviour.anyTime?.includes(move),
    );
  }

  #make(seat: number, call: AnyMove, { isReal }: { readonly isReal: boolean }): void {
    const before = this.#match.position;
    const view = this.#match.view(seat);
    this.#played.push({ seat, ...call });
    this.#survivesJson(call.args, 'its arguments do not survive JSON');
    const verdict = this.#listed(seat, call);
    const played = play(this.#rules, before, seat, call, this.#now);
    if (!played.ok && played.error.code === 'rule_failed') this.#fail('the rules threw', played.cause);
    if (!played.ok && verdict === 'legal') this.#fail(`legal lists it, but: ${played.error.message}`);
    if (played.ok && verdict === 'illegal') this.#fail('it was accepted, but legal does not list it');
    this.#repeats(before, seat, call, played);
    this.#keepsSecrets(before, seat, call, played);
    if (!played.ok) this.refused += 1;
    if (!played.ok || !isReal) return void this.#played.pop();
    const applied = this.#apply({ type: 'move', seat, ...call, at: this.#now });
    if (!applied.ok) return this.#fail(`it was refused after all: ${applied.error.message}`, applied.cause);
    this.made += 1;
    this.#follow(applied);
    this.#predicted(view, seat, call);
    this.#survivesJson(this.#match.position, 'the match does not survive JSON');
  }

  #repeats(before: Position, seat: number, call: AnyMove, played: Played): void {
    const again = play(this.#rules, before, seat, call, this.#now);
    this.#same(outcome(played), outcome(again), 'the same move on the same state gives something else the second time');
  }

  /** What `legal` says; null where it says nothing. */
  #listed(seat: number, { move, args }: AnyMove): 'legal' | 'illegal' | null {
    const { behaviour } = this.#rules;
    if (!behaviour.legal?.[move] || this.#options.loose?.includes(move)) return null;
    const schema = this.#rules.game.schemas.moves[move]!;
    const meant = (given: object): unknown => {
      const checked = validate(schema, given);
      return checked.ok ? checked.value : given;
    };
    const listed = this.#legal(seat).filter((one) => one.move === move);
    return listed.some((one) => diff(meant(one.args), meant(args)) === undefined) ? 'legal' : 'illegal';
  }

  #follow(applied: Applied & { ok: true }): void {
    const { json, packed: bytes } = applied.told;
    for (const { seat, follower, packed } of this.#followers) {
      const part = seat === null ? undefined : json.parts.get(seat);
      const packedPart = seat === null ? undefined : bytes.parts.get(seat);
      if (part) follower.accept(roundTripped(part) as Change);
      follower.accept(roundTripped(json.commit) as Change);
      if (packedPart) packed.accept(packedPart);
      packed.accept(bytes.commit);
      const who = seat === null ? 'the public' : `seat ${seat}`;
      this.#same(this.#match.view(seat), follower.view, `the deltas lead ${who} to another view`);
      this.#same(this.#match.view(seat), packed.view, `the packed deltas lead ${who} to another view`);
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
    // The public, the mover, and anybody: in time everybody comes up.
    for (const viewer of new Set([null, seat, this.#random.pick([...this.#match.seats.keys()])])) {
      const unseen = [viewerOf(this.#rules, position, viewer), viewerOf(this.#rules, position, seat)];
      const other = { ...position, state: shuffledSecrets(type, position.state, unseen, this.#random) };
      this.#same(
        viewState(this.#rules, position, viewer),
        viewState(this.#rules, other, viewer),
        `what ${nameOf(viewer)} sees depends on what is concealed`,
      );
      const elsewhere = play(this.#rules, other, seat, call, this.#now);
      if (!elsewhere.ok && elsewhere.error.code === 'rule_failed') continue; // no state that could have been
      const [here, there] =
        viewer === seat
          ? [answer(played), answer(elsewhere)]
          : [this.#told(played, viewer), this.#told(elsewhere, viewer)];
      if (diff(here, there) === undefined) continue;
      this.#repeats(position, seat, call, played); // or it would be something else than the secret that makes them differ
      const from = 'what was concealed from it and from the mover';
      this.#same(here, there, `what ${nameOf(viewer)} is told of ${call.move} depends on ${from}`);
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
    if (!applied.ok) return applied;
    this.#log.push(entry);
    if (this.#random.int(1, 20) === 1)
      this.#middle = { state: roundTripped(this.#match.state) as MatchState, entries: this.#log.length };
    return applied;
  }

  #packed(seat: number | null): Uint8Array {
    return PackedForm.of(this.#rules.game).whole({ view: this.#match.view(seat), open: this.#match.view(null) });
  }

  #survivesJson(value: unknown, what: string): void {
    const loss = firstLoss(value);
    if (loss !== null) this.#fail(`${what}: ${loss}`);
  }

  /** What some work makes, which must not throw. */
  #whole<T>(what: string, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (cause instanceof FuzzFailure) throw cause;
      return this.#fail(what, cause);
    }
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
