/**
 * Rules at work: the first position, and what a move makes of one. Pure: the same position, seat, move and time give the
 * same answer, so authority, client, bot and test all run this.
 */
import { issuesText, validate, type Issue } from '../schema/standard.ts';
import { atOnce, fitting, fittingState } from './fit.ts';
import type { AnyRules } from './game.ts';
import { seatNumbers, type AnyMove, type Emitted, type Position } from './position.ts';
import { SeededRandom, seeded } from './random.ts';
import { refusal, type AnyRejection } from './rejection.ts';
import type { MatchResult } from './rules.ts';
import { Rejected, Turn } from './turn.ts';
import { viewDetails } from './view.ts';

export type Played =
  | ({ readonly ok: true } & Advanced)
  /** `cause` is what the rules threw, for the log of the authority. */
  | { readonly ok: false; readonly error: AnyRejection; readonly cause?: unknown };

/** A position that followed, and what happened. */
export interface Advanced {
  readonly position: Position;
  readonly events: readonly Emitted[];
}

/**
 * The position before the first move.
 * @param options as a client gave them, before defaults.
 * @param seats how many; by default the most that the game has.
 * @throws OptionsError where options or seats do not fit the game; whatever `setup` throws.
 */
export function start(
  rules: AnyRules,
  { options = {}, seats, seed }: { options?: unknown; seats?: number | undefined; seed: number },
): Position {
  const { game, behaviour } = rules;
  const [fewest, most] = game.seats;
  const count = seats ?? most;
  if (!Number.isInteger(count) || count < fewest || count > most) {
    throw new OptionsError([{ path: 'seats', message: `${count} is not from ${fewest} to ${most}` }]);
  }
  const checked = validate(game.schemas.options, options);
  if (!checked.ok) throw new OptionsError(checked.issues);
  const random = new SeededRandom(seeded(seed));
  const setup = { options: checked.value, seats: seatNumbers(count), random };
  const made = atOnce(behaviour.setup(setup), `${game.name}: setup`);
  const position: Position = {
    state: fittingState(game.schemas.state, made, count),
    options: checked.value,
    seats: count,
    phase: game.phases[0] ?? null,
    stage: null,
    toAct: [0],
    result: null,
    random: random.state,
    timers: [],
  };
  const [phase] = game.phases;
  if (phase === undefined) return position;
  const turn = new Turn(rules, position, null, 0);
  turn.enter(phase, 0);
  return turn.finished();
}

/** The options of a new match are not what the game asks for. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issuesText(issues));
    this.issues = issues;
  }
}

/**
 * What a move makes of a position. Checked in this order: over, arguments, phase, turn, the rules themselves.
 * @param now match time, ms.
 */
export function play(rules: AnyRules, position: Position, seat: number, { move, args }: AnyMove, now: number): Played {
  const { game, behaviour } = rules;
  const refuse = (error: AnyRejection, cause?: unknown): Played => ({
    ok: false,
    error,
    ...(cause === undefined ? {} : { cause }),
  });
  const schema = Object.hasOwn(game.schemas.moves, move) ? game.schemas.moves[move] : undefined;
  if (!schema)
    return refuse(
      refusal('bad_arguments', { issues: [{ path: 'move', message: `${game.name} has no move "${move}"` }] }),
    );
  if (position.result) return refuse(refusal('over', {}));
  const checked = validate(schema, args);
  if (!checked.ok) return refuse(refusal('bad_arguments', { issues: checked.issues }));
  const blocked = blockedBy(rules, position, seat, move);
  if (blocked) return refuse(blocked);
  const turn = new Turn(rules, position, seat, now);
  try {
    turn.run(() => behaviour.moves[move]!(turn.context(), checked.value), `move ${move}`);
    return { ok: true, position: turn.finished(), events: turn.events };
  } catch (thrown) {
    if (!(thrown instanceof Rejected)) return refuse(refusal('rule_failed', {}), thrown);
    const { code, details } = thrown;
    return refuse({
      code,
      details: viewDetails(rules, position, seat, code, details),
      message: codeText(code),
      version: 0,
    });
  }
}

/** What a timer of the game makes of a position. @throws whatever the rules throw. */
export function ring(rules: AnyRules, position: Position, { move, args }: AnyMove, now: number): Advanced {
  const turn = new Turn(rules, position, null, now);
  const checked = fitting(rules.game.schemas.timers[move]!, args, `arguments of timer ${move}`) as object;
  turn.run(() => rules.behaviour.timers![move]!(turn.context(), checked), `timer ${move}`);
  return { position: turn.finished(), events: turn.events };
}

/** How the rules end the match for a seat whose time is up; undefined where they say nothing. @throws whatever they throw. */
export const timeUp = (rules: AnyRules, position: Position, seat: number): MatchResult | undefined =>
  atOnce(rules.behaviour.onTimeout?.(legalContext(position, seat)), `${rules.game.name}: onTimeout`) as
    | MatchResult
    | undefined;

/** Whether the rules let a seat ask to take its last move back. */
export const mayUndo = (rules: AnyRules, position: Position, seat: number): boolean =>
  rules.behaviour.undo?.(legalContext(position, seat)) ?? true;

/** Why a seat may not make a move now, whatever its arguments; null when it may try. */
function blockedBy({ behaviour }: AnyRules, position: Position, seat: number, move: string): AnyRejection | null {
  if (behaviour.anyTime?.includes(move)) return null;
  const { phase, stage, toAct } = position;
  const moves =
    stage !== null ? behaviour.stages?.[stage]?.moves : phase !== null ? behaviour.phases?.[phase]?.moves : [move];
  if (!moves?.includes(move)) return refusal('wrong_phase', { phase, stage });
  return toAct.includes(seat) ? null : refusal('not_your_turn', { toAct });
}

const legalContext = ({ state, options, seats, phase, stage }: Position, seat: number) => ({
  state,
  seat,
  seats: seatNumbers(seats),
  options,
  phase,
  stage,
});

/** The moves that the rules list for a seat now, in the order of the game's declaration. Empty when it cannot act. */
export function legal(rules: AnyRules, position: Position, seat: number): readonly AnyMove[] {
  const { game, behaviour } = rules;
  if (position.result || seat < 0 || seat >= position.seats) return [];
  const context = legalContext(position, seat);
  return Object.keys(game.schemas.moves).flatMap((move) => {
    if (blockedBy(rules, position, seat, move)) return [];
    const listed = behaviour.legal?.[move]?.(context) ?? false;
    if (typeof listed === 'boolean') return listed ? [{ move, args: {} }] : [];
    return listed.map((args) => ({ move, args }));
  });
}

/** A code in words, for people. */
export const codeText = (code: string) => `${code.replaceAll('_', ' ')}.`.replace(/^./, (first) => first.toUpperCase());
