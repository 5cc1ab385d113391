/** From opening a socket to the first whole state, one client after another. */
import { gameUris, serializers } from '../../protocol/index.ts';
import { entered } from './colyseus-room.ts';
import type { Figures } from './measure.ts';
import type { Peer } from './peer.ts';
import { created, followed, session } from './watching.ts';

const { encode } = serializers.find(({ name }) => name === 'msgpack')!;
/** Code that runs seldom is compiled late. */
const attempts = { warmUp: 800, measured: 500 };
const forFriend = { opponent: 'friend', seat: 0 };

export interface JoinLoad {
  readonly game: 'chess' | 'rally' | 'swarm';
  /** Moves made before, of the smallest game. */
  readonly moves?: number;
  /** Of a swarm. */
  readonly size?: number;
}

export async function firstStates(host: string, { game, moves = 0, size }: JoinLoad): Promise<Figures> {
  const players = [await session(host), await session(host)] as const;
  const match = await created(players[0], game, game === 'swarm' ? { options: { size } } : forFriend);
  if (moves > 0) await rallied(players, match, moves);
  const figures = await timed(async () => {
    const peer = await session(host);
    await followed(peer, game, match, game === 'swarm' ? { watch: true } : { seat: null });
    return peer;
  });
  await Promise.all(players.map((peer) => peer.close()));
  return figures;
}

export async function firstStatesOfRoom(host: string, room: string, options: object = {}): Promise<Figures> {
  const { peer, roomId } = await entered(host, room, options, 'create');
  const figures = await timed(async () => (await entered(host, roomId, {}, 'joinById')).peer);
  await peer.close();
  return figures;
}

async function timed(join: () => Promise<Peer>): Promise<Figures> {
  const latencies: number[] = [];
  for (let i = 0; i < attempts.warmUp + attempts.measured; i++) {
    const start = performance.now();
    const peer = await join();
    if (i >= attempts.warmUp) latencies.push(performance.now() - start);
    await peer.close();
  }
  return { operations: latencies.length, ms: 0, cpuMs: 0, latencies };
}

/** Moves of the smallest game, one after the other. */
async function rallied(players: readonly [Peer, Peer], match: string, moves: number): Promise<void> {
  const uris = gameUris('rally').match(match);
  const requests: [number, number] = [1, 0]; // the first has made the match
  const called = (seat: 0 | 1, procedure: string, args: unknown[]) =>
    players[seat].ask(encode({ type: 'call', request: ++requests[seat], options: {}, procedure, args, kwargs: {} }));
  await called(0, uris.join, []);
  await called(1, uris.join, []);
  for (let i = 0; i < moves; i++) await called(i % 2 === 0 ? 0 : 1, uris.move('hit'), [{ power: 7 }]);
}
