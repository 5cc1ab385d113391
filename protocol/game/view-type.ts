import { validate, type Issue } from '../schema/standard.ts';
import { t } from '../schema/t.ts';
import type { AnyType } from '../schema/type.ts';
import { agreements } from './agreements.ts';
import type { AnyGame } from './game.ts';

const count = t.int(0, Number.MAX_SAFE_INTEGER);
const time = t.int(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const text = t.str(65_536);
const seats = t.list(t.int(0, 15), 16);
const reason = { reason: text.optional() };
const around = {
  version: count,
  epoch: count,
  seats: t.list(t.object({ player: text.nullable(), connected: t.bool(), heldUntil: time.optional() }), 16),
  clocks: t.list(t.object({ leftMs: time, runningSince: time.nullable() }), 16).nullable(),
  offers: t.list(t.object({ what: t.oneOf(...agreements), wantedBy: seats }), 16),
  toAct: seats,
  result: t
    .union(
      t.object({ winner: t.int(0, 15), ...reason }),
      t.object({ winners: seats, ...reason }),
      t.object({ draw: t.bool(), ...reason }),
    )
    .nullable(),
  rematch: t.object({ wantedBy: seats, match: text.nullable() }),
};

const frame = { ...around, phase: text.nullable(), stage: text.nullable() };
const frameType = t.object(frame);

/** What is wrong with a view, whatever its game, whose schemas say the rest: where and what. Empty: nothing. */
export function viewIssues(view: { readonly [field: string]: unknown }): readonly Issue[] {
  const checked = validate(frameType, Object.fromEntries(Object.keys(frame).map((field) => [field, view[field]])));
  return checked.ok ? [] : checked.issues;
}

/** The schema of a game's views, for what packs them: `AnyView`, with the state and options of the game. */
export const viewType = ({
  schemas: { state, options },
  phases,
  stages,
}: Pick<AnyGame, 'schemas' | 'phases' | 'stages'>): AnyType =>
  t.object({
    ...around,
    state,
    options,
    phase: t.oneOf('', ...phases).nullable(),
    stage: t.oneOf('', ...stages).nullable(),
  });
