/** Sockets that break while moves are on their way; `npm run test:crashes` is the long form. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises'; // sockets break in real time
import { afterEach, expect, it } from 'vitest';
import { connect, type Client } from '../../client/index.ts';
import { connectWebSocket, seeded, SeededRandom } from '../../protocol/index.ts';
import { storeOf } from '../client/game-server.ts';
import { cuts, CuttableSockets, type Cut } from './cuttable-socket.ts';
import { Mortal } from './mortal.ts';
import {
  expectNothingLost,
  expectStored,
  playTally,
  seatTable,
  type TallyMatch,
  type TallyTable,
} from './tally-tables.ts';

const sockets = Number(process.env['REALMKIT_SOCKETS'] ?? 100);
const seed = Number(process.env['REALMKIT_SEED'] ?? Date.now() % 1_000_000);
/** How many of a player's moves, neither the first nor the last, have their socket cut. */
const cutMoves = 3;

let cleanUp: () => Promise<void> = async () => {};
afterEach(() => cleanUp());

it(
  `${sockets} sockets cut mid-move: no move is lost or doubled, and all play on unaided (seed ${seed})`,
  async () => {
    const random = new SeededRandom(seeded(seed));
    const folder = mkdtempSync(join(tmpdir(), 'realmkit-cuts-'));
    const server = new Mortal(folder);
    const clients: Client[] = [];
    cleanUp = async () => {
      for (const client of clients) client.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    };
    await server.start();
    const troubles: unknown[] = [];
    const made = new Map<Cut, number>();
    const count = (cut: Cut) => void made.set(cut, (made.get(cut) ?? 0) + 1);

    const table = async () => {
      const lines: CuttableSockets[] = [];
      const visitor = () => {
        const line = new CuttableSockets();
        lines.push(line);
        const client = connect({
          url: server.url,
          transport: (url, options) => connectWebSocket(url, { ...options, WebSocket: line.WebSocket }),
          storage: storeOf(new Map()),
          onError: (error) => troubles.push(error),
        });
        clients.push(client);
        return client;
      };
      return { ...(await seatTable(visitor)), lines };
    };
    const tables = await Promise.all(Array.from({ length: sockets / 2 }, table));

    /** In some of a player's moves its own socket is cut, and in one of the others that of the opponent. */
    const play = (match: TallyMatch, at: TallyTable, [own, others]: readonly [CuttableSockets, CuttableSockets]) => {
      const plan = random.shuffle(['idle' as const, ...Array.from({ length: cutMoves }, () => random.pick(cuts))]);
      const steps = [null, ...plan, null].values();
      const before = async () => {
        const { value: cut = null } = steps.next();
        const byReset = random.int(0, 1) === 1;
        await pause(random.int(0, 50));
        if (cut === null) return true;
        await live(match);
        if (cut !== 'idle') own.breakAt({ at: cut, byReset, made: () => count(cut) });
        else others.cut({ byReset });
        return true;
      };
      return playTally(match, at, { before, moves: cutMoves + 3 });
    };
    await Promise.all(
      tables.flatMap(({ lines: [adas, bobs], ...at }) => [
        play(at.ada, at, [adas!, bobs!]),
        play(at.bob, at, [bobs!, adas!]),
      ]),
    );

    for (const at of tables) {
      await expectNothingLost(at);
      expect(at.acknowledged).toHaveLength(2 * (cutMoves + 3));
      expect([at.ada.status, at.bob.status]).toEqual([{ state: 'live' }, { state: 'live' }]);
      expect(at.ada.view).toMatchObject({ epoch: 1, seats: [{ connected: true }, { connected: true }] });
    }
    expect(troubles).toEqual([]);
    expect(new Set(made.keys())).toEqual(new Set(cuts));
    expect([...made.values()].reduce((sum, times) => sum + times)).toBe(sockets * cutMoves);
    console.log(`cut: ${[...made].map(([cut, times]) => `${times} ${cut}`).join(', ')}`);
    await server.stop('SIGTERM');
    await expectStored(tables, folder);
  },
  60_000 + sockets * 500,
);

/** Once the client follows the match. */
const live = (match: TallyMatch): Promise<void> =>
  new Promise((resolve) => {
    if (match.status.state === 'live') return resolve();
    const off = match.onStatus(({ state }) => {
      if (state !== 'live') return;
      off();
      resolve();
    });
  });
