import { describe, expect, it } from 'vitest';
import { Follower, type Change } from '../../../protocol/index.ts';
import { quiet, table } from './table.ts';

describe('following a match', () => {
  it('two sessions play connect four to the end, and their views end equal to the match', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    const [left, right] = [await ada.follow(), await bob.follow()];
    for (const column of [3, 4, 3, 4, 3, 4]) await (left.view.toAct[0] === 0 ? ada : bob).move('drop', { column });
    await ada.move('drop', { column: 3 });
    await quiet();
    expect(left.view.result).toEqual({ winner: 0, reason: 'four_in_line' });
    expect(left.view).toEqual(right.view);
    expect(left.view).toEqual(await bob.view());
  });

  it('follows secrets of its own, part by part', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun('secret');
    const [left, right] = [await ada.follow(), await bob.follow()];
    await ada.move('draw');
    await bob.move('draw');
    await ada.move('pick', { card: 2003 });
    await bob.move('pick', { card: 2002 });
    await quiet();
    expect(left.view).toEqual(await ada.view());
    expect(right.view).toEqual(await bob.view());
    expect(left.view).not.toEqual(right.view);
  });

  it('a client that missed a version asks for the view again and goes on', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    const follower = await bob.follow();
    const before = follower.view;
    await ada.move('drop', { column: 0 });
    await quiet();
    const changes: Change[] = [];
    await bob.session.subscribe(bob.uris.state.json, ({ args: [change] }) => void changes.push(change as Change));
    await bob.move('drop', { column: 1 });
    await quiet();
    const late = new Follower(before);
    expect(changes.map((change) => late.accept(change))).toEqual(['lost']);
    late.reset(await bob.view());
    expect(late.view).toEqual(follower.view);
  });
});
