/** Servers that are killed while matches are played; `npm run test:crashes` is the long form. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises'; // a process is killed, in real time
import { afterEach, expect, it } from 'vitest';
import { connect, type Client } from '../../client/index.ts';
import { storeOf } from '../client/game-server.ts';
import { Mortal } from './mortal.ts';
import { expectNothingLost, expectStored, playTally, seatTable } from './tally-tables.ts';

const kills = Number(process.env['REALMKIT_KILLS'] ?? 3);
const matches = 20;
/** Milliseconds: between two moves of a player, who may make 10 a second, and at most until the next kill. */
const waits = { moveMs: 110, killMs: 2_000 };

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
    const tables = await Promise.all(Array.from({ length: matches }, () => seatTable(visitor)));
    const before = async () => {
      await pause(waits.moveMs);
      return !game.isOver;
    };
    const playing = Promise.all(
      tables.flatMap((table) => [playTally(table.ada, table, { before }), playTally(table.bob, table, { before })]),
    );
    const allHaveMoved = async () => {
      const earlier = tables.map(({ acknowledged }) => acknowledged.length);
      while (tables.some(({ acknowledged }, index) => acknowledged.length < earlier[index]! + 2)) await pause(10);
    };
    await allHaveMoved();
    for (let kill = 0; kill < kills; kill++) {
      await pause(((kill * 7919) % 100) * (waits.killMs / 100));
      await server.stop('SIGKILL');
      await server.start();
      await Promise.race([allHaveMoved(), playing]); // whose failures are not to be waited for
    }
    game.isOver = true;
    for (const table of tables) {
      await expectNothingLost(table);
      expect(table.ada.view.epoch).toBeGreaterThanOrEqual(1 + kills);
    }
    expect(troubles).toEqual([]);
    await server.stop('SIGTERM');
    await expectStored(tables, folder);
  },
  60_000 + kills * 30_000,
);
