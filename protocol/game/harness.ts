/** Plays matches of a game without network, with seeded chance and a clock that only moves when told to: for tests. */
import type { Agreement } from './agreements.ts';
import { inDevelopment } from './development.ts';
import type { Entry } from './entry.ts';
import type { Rules } from './game.ts';
import type { GameTypes } from './game-types.ts';
import type { AnyMove } from './position.ts';
import { replay, RunningMatch, type Applied } from './running-match.ts';
import type { Outcome } from './rejection.ts';
import type { Given } from './rules.ts';
import type { View } from './view.ts';

/** Calls of a game's moves. */
export type MoveCalls<C, Answer> = { readonly [K in keyof C]: (...args: Given<C[K]>) => Answer };
/** A move with its arguments, as data. */
export type MoveCall<G extends GameTypes> = {
  [K in keyof G['calls'] & string]: { readonly move: K; readonly args: G['calls'][K] };
}[keyof G['calls'] & string];

/** A player of a harness. */
export interface Player<G extends GameTypes> {
  readonly seat: G['seat'];
  readonly moves: MoveCalls<G['calls'], Outcome<G['errorViews']>>;
  /** What this seat may see. */
  readonly view: View<G>;
  legal(): readonly MoveCall<G>[];
  /** Makes a move given as data, such as one of `legal()`. */
  play(move: MoveCall<G>): Outcome<G['errorViews']>;
  /** Offers something, or agrees to it. */
  offer(what: G['agreement']): Outcome<G['errorViews']>;
  decline(what: G['agreement']): Outcome<G['errorViews']>;
}

export interface Harness<G extends GameTypes> {
  readonly players: readonly Player<G>[] & { readonly [S in G['seat']]: Player<G> };
  /** The first seat that is to act. @throws Error when the match is over. */
  readonly mover: Player<G>;
  /** What spectators see. */
  readonly view: View<G>;
  /** The whole state, secrets too. */
  readonly state: G['state'];
  readonly log: readonly Entry[];
  /** Every answer of the match so far, in order: commits, parts and refusals. */
  readonly applied: readonly Applied[];
  /** Match time, ms. */
  readonly now: number;
  /** Lets match time pass: timers that are due run, and clocks that are empty end the match. */
  advance(ms: number): void;
  /** The state that replaying the log gives. */
  replayed(): G['state'];
}

export interface HarnessOptions<G extends GameTypes> {
  readonly seed?: number;
  readonly options?: G['optionsInput'];
  readonly seats?: number;
  /** Whether each rule runs a second time, to see that it makes the same; for long matches that are replayed, false. */
  readonly twice?: boolean;
}

/**
 * A match of `rules` whose seats are all taken, by `player_0`, `player_1`, … The rules are watched: see `inDevelopment`.
 * @param seed of the match's chance; 1 if not said.
 * @throws OptionsError where options or seats do not fit the game.
 */
export function harness<G extends GameTypes>(
  given: Rules<G>,
  { seed = 1, options, seats, twice = true }: HarnessOptions<G> = {},
): Harness<G> {
  const rules = inDevelopment(given, { twice });
  const setup = { options: options ?? {}, seats, seed };
  const match = new RunningMatch(rules, setup);
  const log: Entry[] = [];
  const applied: Applied[] = [];
  let now = 0;

  const apply = (entry: Entry): Applied => {
    const answer = match.apply(entry);
    applied.push(answer);
    if (answer.ok) log.push(entry);
    return answer;
  };
  const ask = (entry: Entry): Outcome<G['errorViews']> => {
    const answer = apply(entry);
    if (answer.ok) return { ok: true, version: answer.version };
    if (answer.error.code === 'rule_failed') throw answer.cause; // in a test a failing rule should show where
    return { ok: false, error: answer.error as (Outcome<G['errorViews']> & { ok: false })['error'] };
  };
  const move = (seat: number, call: AnyMove) => ask({ type: 'move', seat, ...call, at: now });
  const advance = (ms: number): void => {
    const until = now + ms;
    for (let due = match.due(noLag); due && due.at <= until; due = match.due(noLag)) {
      now = due.at;
      const answer = apply(due);
      if (!answer.ok) throw new Error(`${due.type} was due and is refused: ${answer.error.code}`);
      if (answer.failure) throw answer.failure.cause;
    }
    now = until;
  };
  const player = (seat: number): Player<G> => ({
    seat,
    moves: Object.fromEntries(
      Object.keys(rules.game.schemas.moves).map((name) => [
        name,
        (args: object = {}) => move(seat, { move: name, args }),
      ]),
    ) as unknown as Player<G>['moves'],
    get view() {
      return match.view(seat) as View<G>;
    },
    legal: () => match.legal(seat) as readonly MoveCall<G>[],
    play: (call) => move(seat, call),
    offer: (what) => ask({ type: 'offer', seat, what: what as Agreement, at: now }),
    decline: (what) => ask({ type: 'decline', seat, what: what as Agreement, at: now }),
  });

  const players = match.seats.map((_, seat) => player(seat));
  for (const { seat } of players) apply({ type: 'sit', seat, player: `player_${seat}`, at: now });
  return {
    players,
    get mover() {
      const [seat] = match.view(null).toAct;
      if (seat === undefined) throw new Error('nobody is to act: the match is over');
      return players[seat]!;
    },
    get view() {
      return match.view(null) as View<G>;
    },
    get state() {
      return match.position.state as G['state'];
    },
    log,
    applied,
    get now() {
      return now;
    },
    advance,
    replayed: () => replay(rules, setup, log).position.state as G['state'],
  };
}

const noLag = () => 0;
