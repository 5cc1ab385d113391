/** Matches of tally that are played through whatever happens, and what must be true of them afterwards. */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Client, Match } from '../../client/index.ts';
import { matchAt } from '../../server/store/match-at.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite-store.ts';
import { mainMs, tally, tallyRules } from './tally.ts';

export type TallyMatch = Match<(typeof tally)['types']>;

export interface TallyTable {
  readonly ada: TallyMatch;
  readonly bob: TallyMatch;
  /** The moves that were answered. */
  readonly acknowledged: number[];
  readonly unanswered: Set<Promise<unknown>>;
}

export async function seatTable(visitor: () => Client): Promise<TallyTable> {
  const ada = await visitor().join(tally, { match: 'new', opponent: 'friend', seat: 0 });
  const bob = await visitor().join(tally, { match: { id: ada.id } });
  return { ada, bob, acknowledged: [], unanswered: new Set() };
}

/** Makes the moves of one seat, each when it is its turn, until `before` a move says false, or so many are made. */
export async function playTally(
  match: TallyMatch,
  { acknowledged, unanswered }: TallyTable,
  { before, moves = Infinity }: { before: () => Promise<boolean>; moves?: number },
): Promise<void> {
  for (let made = 0; made < moves; made++) {
    await match.until(({ toAct }) => toAct.some((seat) => seat === match.seat));
    if (!(await before())) return;
    const n = match.seat! + 2 * made;
    const move = match.moves.mark({ n });
    unanswered.add(move);
    expect(await move).toMatchObject({ ok: true });
    acknowledged.push(n);
    unanswered.delete(move);
  }
}

/** Both see the same, in it each answered move once and nothing else, and on the clocks no more gone than time has passed. */
export async function expectNothingLost({ ada, bob, acknowledged, unanswered }: TallyTable): Promise<void> {
  await Promise.all(unanswered);
  for (const [one, other] of [
    [ada, bob],
    [bob, ada],
  ] as const)
    await one.until(({ version }) => version >= other.view.version);
  expect(bob.view).toEqual(ada.view);
  expect(ada.view.state.marks).toEqual(acknowledged.toSorted((a, b) => a - b));
  const { clocks } = ada.view;
  expect(clocks.filter(({ runningSince }) => runningSince !== null)).toHaveLength(1);
  expect(clocks.reduce((spent, { leftMs }) => spent + mainMs - leftMs, 0)).toBeLessThanOrEqual(ada.now);
}

/** What a server has left in its folder gives the same matches: what their players see, and the clocks. */
export async function expectStored(tables: readonly TallyTable[], folder: string): Promise<void> {
  const store = await openSqliteStore(join(folder, 'matches.sqlite'));
  for (const { ada } of tables) {
    const { state, clocks } = ada.view;
    expect(matchAt(tallyRules, (await store.read(ada.id))!).view(null)).toMatchObject({ state, clocks });
  }
  await store.close();
}
