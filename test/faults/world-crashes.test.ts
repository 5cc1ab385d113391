/** A server that is killed while people run about in a world. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises'; // a process is killed, in real time
import { afterEach, expect, it } from 'vitest';
import { connect, type Client } from '../../client/index.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite-store.ts';
import { worldOf } from '../../server/store/world-parts.ts';
import { storeOf } from '../client/game-server.ts';
import { Mortal } from './mortal.ts';
import { pasture, pastureRules } from './pasture.ts';

const kills = Number(process.env['REALMKIT_KILLS'] ?? 3);
const players = 4;
/** Between two marks of a player, ms. */
const markMs = 150;

let cleanUp: () => Promise<void> = async () => {};
afterEach(() => cleanUp());

it(
  `${kills} times kill -9: a world comes back as it was stored last, with ${players} players who go on unaided`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'realmkit-world-crashes-'));
    const server = new Mortal(folder);
    const clients: Client[] = [];
    const walk = { isOver: false };
    cleanUp = async () => {
      walk.isOver = true;
      for (const client of clients) client.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    };
    await server.start();
    const troubles: unknown[] = [];
    const enter = () => {
      const onError = (error: unknown) => troubles.push(error);
      const client = connect({ url: server.url, storage: storeOf(new Map()), onError });
      clients.push(client);
      return client.enter(pasture, { rules: pastureRules });
    };
    const first = await enter();
    const worlds = [first, ...(await Promise.all(Array.from({ length: players - 1 }, enter)))];
    const { id } = first;
    expect(worlds.map((world) => world.id)).toEqual(worlds.map(() => id));
    for (const world of worlds) world.input({ dx: 1 });

    /** What the store has, beside the running server. */
    const stored = async () => {
      const store = await openSqliteStore(join(folder, 'matches.sqlite'), { readOnly: true });
      const kept = (await store.readWorld(id))!;
      await store.close();
      const { world } = worldOf(pastureRules, kept);
      const { marks } = world.shared as (typeof first)['view']['shared'];
      return { tick: world.tick, players: [...world.players.keys()], marks, flowers: world.entities('flower').size };
    };
    const until = async (isTrue: () => boolean | Promise<boolean>) => {
      while (!(await isTrue())) await pause(10);
    };

    const names = worlds.map(({ player }) => player!);
    const marking = Promise.all(
      worlds.map(async (world) => {
        for (let n = 0; !walk.isOver; n++) {
          expect(await world.moves.mark({ name: `${world.player} ${n}` })).toMatchObject({ ok: true });
          await pause(markMs);
        }
      }),
    );
    const running = (async () => {
      let last = 0;
      for (let kill = 1; kill <= kills; kill++) {
        await until(async () => (await stored()).tick > last + 20);
        const before = await stored();
        await server.stop('SIGKILL');
        await server.start();
        await until(() => worlds.every(({ view, status }) => status.state === 'live' && view.epoch === kill + 1));
        const back = first.view;
        expect(Object.keys(back.players).toSorted()).toEqual(names.toSorted());
        expect(before.players.toSorted()).toEqual(names.toSorted());
        expect(back.tick).toBeGreaterThanOrEqual(before.tick);
        expect(back.shared.marks.slice(0, before.marks.length)).toEqual(before.marks);
        expect(Object.keys(back.entities.flower).length).toBeGreaterThanOrEqual(before.flowers);
        const stood = worlds.map(({ view }) => view.me!.x);
        for (const world of worlds) world.input({ dx: 1 }); // as a scene says with every picture
        await until(() => worlds.every(({ view }, index) => view.me!.x > stood[index]! + 5));
        last = before.tick;
      }
    })();
    await Promise.race([running, marking]); // whose failures are not to be waited for
    walk.isOver = true;
    await marking;
    const { marks } = first.view.shared;
    expect(new Set(marks).size).toBe(marks.length);
    expect(troubles).toEqual([]);
    await server.stop('SIGTERM');
    const seen = first.view;
    expect(await stored()).toMatchObject({ marks: seen.shared.marks, players: expect.arrayContaining(names) });
    expect((await stored()).tick).toBeGreaterThanOrEqual(seen.tick);
  },
  60_000 + kills * 30_000,
);
