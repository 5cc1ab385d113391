/** Servers that are killed while matches are played; `npm run test:crashes` is the long form. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises'; // a process is killed, in real time
import { afterEach, expect, it } from 'vitest';
import { connect, type Client, type Match } from '../../client/index.ts';
import { matchAt } from '../../server/store/match-at.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite-store.ts';
import { storeOf } from '../client/game-server.ts';
import { Mortal } from './mortal.ts';
import { tally, tallyRules } from './tally.ts';

const kills = Number(process.env['REALMKIT_KILLS'] ?? 3);
const matches = 20;
/** Milliseconds: between two moves of a player, who may make 10 a second, and at most until the next kill. */
const waits = { moveMs: 110, killMs: 400 };

let cleanUp: () => Promise<void> = async () => {};
afterEach(() => cleanUp());

it(
  `${kills} times kill -9 during ${matches} matches: no move is lost or doubled, and all play on unaided`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'realmkit-crashes-'));
    const server = new Mortal(folder);
    const clients: Client[] = [];
    const game = { isOver: false };
    cleanUp = async () => {
      game.isOver = true;
      for (const client of clients) client.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    };
    await server.start();
    const troubles: unknown[] = [];
    const visitor = () => {
      const client = connect({
        url: server.url,
        storage: storeOf(new Map()),
        onError: (error) => troubles.push(error),
      });
      clients.push(client);
      return client;
    };
    const tables = await Promise.all(
      Array.from({ length: matches }, async () => {
        const ada = await visitor().join(tally, { match: 'new', opponent: 'friend', seat: 0 });
        const bob = await visitor().join(tally, { match: { id: ada.id } });
        return { ada, bob, acknowledged: [] as number[] };
      }),
    );
    const moving = new Set<Promise<unknown>>();
    /** Moves whenever it can, until the end. */
    const play = async (match: Match<(typeof tally)['types']>, acknowledged: number[]) => {
      for (let n = match.seat!; ; n += 2) {
        await match.until(({ toAct }) => toAct.some((seat) => seat === match.seat));
        if (game.isOver) return;
        const moved = match.moves.mark({ n });
        moving.add(moved);
        expect(await moved).toMatchObject({ ok: true });
        acknowledged.push(n);
        moving.delete(moved);
        await pause(waits.moveMs);
      }
    };
    const playing = Promise.all(
      tables.flatMap(({ ada, bob, acknowledged }) => [play(ada, acknowledged), play(bob, acknowledged)]),
    );
    const allHaveMoved = async () => {
      const before = tables.map(({ acknowledged }) => acknowledged.length);
      while (tables.some(({ acknowledged }, index) => acknowledged.length < before[index]! + 2)) await pause(10);
    };
    await allHaveMoved();
    for (let kill = 0; kill < kills; kill++) {
      await pause(((kill * 7919) % 100) * (waits.killMs / 100));
      await server.stop('SIGKILL');
      await server.start();
      await Promise.race([allHaveMoved(), playing]); // whose failures are not to be waited for
    }
    game.isOver = true;
    await Promise.all(moving);
    for (const { ada, bob, acknowledged } of tables) {
      for (const [one, other] of [
        [ada, bob],
        [bob, ada],
      ] as const)
        await one.until(({ version }) => version >= other.view.version);
      expect(bob.view).toEqual(ada.view);
      expect(ada.view.state.marks).toEqual(acknowledged.toSorted((a, b) => a - b));
      expect(ada.view.epoch).toBeGreaterThanOrEqual(1 + kills);
    }
    expect(troubles).toEqual([]);
    await server.stop('SIGTERM');
    const store = await openSqliteStore(join(folder, 'matches.sqlite'));
    for (const { ada } of tables)
      expect(matchAt(tallyRules, (await store.read(ada.id))!).position.state).toEqual(ada.view.state);
    await store.close();
  },
  60_000 + kills * 30_000,
);
