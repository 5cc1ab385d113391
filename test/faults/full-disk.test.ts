/** A server whose disk is full, for real: skipped where no small disk can be mounted. */
import { afterAll, expect, it, vi } from 'vitest';
import { connectWebSocket, gameUris, join, type AnyView, type Session } from '../../protocol/index.ts';
import { startGameServer } from '../../server/main.ts';
import { refusalOf } from '../server/authority/table.ts';
import { pastureRules } from './pasture.ts';
import { smallDisk } from './small-disk.ts';
import { tallyRules } from './tally.ts';

const disk = smallDisk();
afterAll(() => disk?.remove());

it.skipIf(!disk)(
  'a full disk freezes the match, undoes nothing that anybody saw, and lets it go on when there is room',
  async () => {
    const server = await startGameServer({ host: '127.0.0.1', port: 0, games: [tallyRules], data: disk!.folder });
    const guest = async () => join(await connectWebSocket(`ws://127.0.0.1:${server.port}/ws`), { realm: 'realmkit' });
    const players = [await guest(), await guest()] as const;
    const { args } = await players[0].call('lobby.create', [], { game: 'tally', opponent: 'friend', seat: 0 });
    const uris = gameUris('tally').match((args[0] as { match: string }).match);
    for (const player of players) await player.call(uris.join, [], { form: 'json' });
    const marksOf = async (player: Session) => {
      const [{ view }] = (await player.call(uris.sync, [], { form: 'json' })).args as [{ view: AnyView }];
      return (view.state as { marks: number[] }).marks;
    };
    const seen: number[] = [];
    await players[1].subscribe(
      uris.state.json,
      ({ args: [change] }) => void seen.push((change as { version: number }).version),
    );
    let made = 0;
    const move = () => players[made % 2]!.call(uris.move('mark'), [{ n: made }], { id: `try ${made}` });
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
    disk!.fill();
    const untilFull = async () => {
      for (; made < 1_000; made++) await move();
    };
    // A little room may be left in a file that is there already; the rate of moves is limited before that is used up.
    let refusal = await refusalOf(untilFull());
    while (refusal.uri === 'game.error.rate_limited') {
      await new Promise((resolve) => setTimeout(resolve, 200)); // the server, a process of its own, counts real time
      refusal = await refusalOf(untilFull());
    }
    expect(refusal).toMatchObject({
      uri: 'wamp.error.no_available_callee',
      message: expect.stringContaining('frozen'),
    });
    expect(await refusalOf(marksOf(players[1]))).toMatchObject({ uri: 'wamp.error.no_available_callee' });
    expect(complained.mock.calls).toEqual([
      [expect.stringContaining('is frozen'), new Error('database or disk is full')],
    ]);
    disk!.clear();
    const marks = Array.from({ length: made }, (_, n) => n);
    expect(await marksOf(players[1])).toEqual(marks);
    await move();
    expect(await marksOf(players[0])).toEqual([...marks, made]);
    expect(seen).toEqual(seen.map((_, index) => seen[0]! + index));
    await server.stop();
  },
  60_000,
);

it.skipIf(!disk)(
  'a full disk leaves a world going, says so, and has it again when there is room',
  async () => {
    const complained = vi
      .spyOn(console, 'error')
      .mockReset()
      .mockImplementation(() => {});
    const server = await startGameServer({ host: '127.0.0.1', port: 0, games: [pastureRules], data: disk!.folder });
    const guest = await join(await connectWebSocket(`ws://127.0.0.1:${server.port}/ws`), { realm: 'realmkit' });
    const { args } = await guest.call('lobby.quick', [], { game: 'pasture' });
    const { match } = args[0] as { match: string };
    const uris = gameUris('pasture').match(match);
    await guest.call(uris.join, [], { form: 'json' });
    const tick = async () => ((await guest.call(uris.time)).args as [{ tick: number }])[0].tick;
    disk!.fill();
    const name = 'x'.repeat(1_000); // more each time than room may be left for in a file that is there already
    for (let n = 0; complained.mock.calls.length === 0; n++) {
      await guest.call(uris.move('mark'), [{ name }]);
      await new Promise((resolve) => setTimeout(resolve, 150)); // the server counts real time, and moves are limited
    }
    expect(complained.mock.calls).toEqual([
      [
        `world ${match} cannot be stored: it goes on, but a crash would take it back`,
        new Error('database or disk is full'),
      ],
    ]);
    const full = await tick();
    await vi.waitUntil(async () => (await tick()) > full + 5, { timeout: 10_000 });
    disk!.clear();
    await vi.waitUntil(() => complained.mock.calls.length > 1, { timeout: 20_000 });
    expect(complained.mock.calls.slice(1)).toEqual([[`world ${match} is stored again`, null]]);
    await server.stop();
  },
  60_000,
);
