/** Moves that are played on others which are not stored yet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Follower, type AnyView, type Change } from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { matchAt } from '../../../server/store/match-at.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';
import type { Append } from '../../../server/store/store.ts';
import { quiet, refusalOf, table } from './table.ts';

const frozen = { uri: 'wamp.error.no_available_callee', message: expect.stringContaining('frozen') };

/** A store whose changes wait, while it is held, until they are let go or fail. */
function heldStore() {
  const store = memoryStore();
  const waiting: { readonly after: number; done(): void; fail(): void }[] = [];
  const held = {
    ...store,
    isHeld: false,
    waiting,
    async append(append: Append) {
      if (held.isHeld) {
        await new Promise<void>((resolve, reject) => {
          waiting.push({ after: append.after, done: resolve, fail: () => reject(new Error('disk full')) });
        });
      }
      return store.append(append);
    },
    /** Goes on as it was. */
    release() {
      held.isHeld = false;
      for (const { done } of waiting.splice(0)) done();
    },
  };
  return held;
}

async function heldTable() {
  const store = heldStore();
  const made = await table({ store, limits: { movesPerSecond: 1_000, moveBurst: 1_000 } });
  const { match, ada, bob } = await made.begun();
  await bob.listen();
  store.isHeld = true;
  return { ...made, store, match, ada, bob };
}

describe('moves in one match', () => {
  it('do not wait for each other to be stored, and are told in order, each when it is', async () => {
    const { store, ada, bob } = await heldTable();
    const answers: number[] = [];
    const moves = [ada, bob, ada].map((player) => player.move('drop', { column: 0 }).then((at) => answers.push(at)));
    const view = bob.view().then(({ version }) => answers.push(version));
    await quiet();
    expect(store.waiting.map(({ after }) => after)).toEqual([2, 3, 4]);
    expect([bob.heard, answers]).toEqual([[], []]);
    store.waiting[0]!.done();
    await quiet();
    expect(bob.heard).toMatchObject([{ version: 3 }]);
    expect(answers).toEqual([3]);
    store.release();
    await Promise.all(moves);
    expect(bob.heard).toMatchObject([{ version: 3 }, { version: 4 }, { version: 5 }]);
    await view;
    expect(answers).toEqual([3, 4, 5, 5]);
  });

  it('are told in order even by a store that answers out of order', async () => {
    const { store, ada, bob } = await heldTable();
    const kept = store.append;
    const stored: (() => void)[] = [];
    store.append = async () => new Promise((resolve) => stored.push(resolve));
    const moves = [ada.move('drop', { column: 0 }), bob.move('drop', { column: 0 })];
    await quiet();
    stored[1]!();
    await quiet();
    expect(bob.heard).toEqual([]);
    stored[0]!();
    expect(await Promise.all(moves)).toEqual([3, 4]);
    expect(bob.heard).toMatchObject([{ version: 3 }, { version: 4 }]);
    store.append = kept;
  });

  it('fail with the one that they stand on: nobody hears of any, and they can be made again', async () => {
    const { store, ada, bob, log, clock } = await heldTable();
    const first = refusalOf(ada.move('drop', { column: 0 }, { id: 'first' }));
    const second = refusalOf(bob.move('drop', { column: 0 }, { id: 'second' }));
    await quiet();
    const [one, other] = store.waiting.splice(0);
    one!.fail();
    other!.done();
    expect([await first, await second]).toMatchObject([frozen, frozen]);
    expect(bob.heard).toEqual([]);
    expect(log).toEqual(['match match1 is frozen: version 3 could not be stored']);
    store.release();
    await clock.advance(5_000);
    expect(await bob.view()).toMatchObject({ version: 2, epoch: 2, toAct: [0] });
    expect(await ada.move('drop', { column: 1 }, { id: 'first' })).toBe(3);
    expect(await bob.move('drop', { column: 1 }, { id: 'second' })).toBe(4);
    expect(bob.heard).toMatchObject([{ version: 3 }, { version: 4 }]);
  });

  it('that are refused because of one that is not stored are told so when it is', async () => {
    const { store, ada, bob } = await heldTable();
    const told: string[] = [];
    const move = ada.move('drop', { column: 0 }).then(() => told.push('moved'));
    const again = refusalOf(ada.move('drop', { column: 0 })).then(({ uri }) => told.push(uri));
    await quiet();
    expect([told, store.waiting.length, bob.heard]).toEqual([[], 1, []]);
    store.release();
    await Promise.all([move, again]);
    expect(told).toEqual(['moved', 'game.error.not_your_turn']);
  });

  it('sent again while it is being stored get the same answer, and no earlier', async () => {
    const { store, ada, bob } = await heldTable();
    const answers: number[] = [];
    const sent = () => ada.move('drop', { column: 0 }, { id: 'one' }).then((version) => answers.push(version));
    const both = [sent(), sent()];
    await quiet();
    expect(answers).toEqual([]);
    store.release();
    await Promise.all(both);
    expect([answers, bob.heard.length]).toEqual([[3, 3], 1]);
  });

  it('that end a match have the lobby told when they are stored', async () => {
    const { store, ada, match, find } = await heldTable();
    const moved = ada.move('drop', { column: 0 });
    store.release();
    await moved;
    store.isHeld = true;
    const resigned = ada.move('resign');
    await quiet();
    expect(await find(match)).toMatchObject({ status: 'playing' });
    store.release();
    await resigned;
    await quiet();
    expect(await find(match)).toMatchObject({ status: 'over' });
  });

  it('leave a snapshot of what is stored, not of what follows', async () => {
    const store = heldStore();
    const { begun } = await table({ store, limits: { snapshotEvery: 3 } });
    const { match, ada, bob } = await begun();
    store.isHeld = true;
    const moves = [ada.move('drop', { column: 0 }), bob.move('drop', { column: 0 })];
    await quiet();
    store.waiting.shift()!.done();
    await quiet();
    expect((await store.claim(match, 0))!.snapshot?.version).toBe(3);
    store.waiting.shift()!.done();
    await Promise.allSettled(moves); // the second one has lost its match
  });
});

it('whatever the store does, and when, who follows a match sees what its log says, and every answer is true', async () => {
  const act = fc.oneof(
    fc.record({ move: fc.nat(6), by: fc.nat(1) }),
    fc.constantFrom('store', 'fail', 'view' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
      const { store, match, ada, bob, clock } = await heldTable();
      const heard: Change[] = [];
      await bob.session.subscribe(bob.uris.state.json, ({ args: [change] }) => void heard.push(change as Change));
      const follower = new Follower<AnyView>(matchAt(connectFourRules, (await store.read(match))!).view(null));
      const answers: number[] = [];
      const asked: Promise<unknown>[] = [];
      for (const one of acts) {
        const settled = (call: Promise<unknown>) => asked.push(call.catch(() => {}));
        if (one === 'store') store.waiting.shift()?.done();
        else if (one === 'fail') store.waiting.shift()?.fail();
        else if (one === 'view') settled(ada.view());
        else settled([ada, bob][one.by]!.move('drop', { column: one.move }).then((at) => answers.push(at)));
        await quiet();
      }
      while (store.waiting.length > 0) {
        store.release();
        await quiet();
      }
      store.release();
      await Promise.all(asked);
      await clock.advance(5_000);
      const kept = (await store.read(match))!;
      for (const change of heard) follower.accept(change);
      const { epoch: _, ...seen } = follower.view;
      const { epoch: __, ...is } = matchAt(connectFourRules, kept).view(null);
      expect(seen).toEqual(is);
      const moves = kept.log.filter(({ entry }) => entry.type === 'move');
      expect(answers.toSorted((a, b) => a - b)).toEqual(moves.map(({ version }) => version));
    }),
    { numRuns: 40 },
  );
}, 60_000);
