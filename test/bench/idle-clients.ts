/** What a client costs that has its state and does nothing: in matches of two, or all of them watching one small swarm. */
import { entered } from './colyseus-room.ts';
import type { Figures } from './measure.ts';
import type { Peer } from './peer.ts';
import { usageOf } from './subject.ts';
import { created, followed, session } from './watching.ts';

export interface IdleLoad {
  readonly game: 'chess' | 'swarm';
  readonly clients: number;
}

/** So few movers that a tick is nothing. */
const options = { size: 10 };
/** Joins at once, that the server's backlog is not overrun. */
const atOnce = 50;
/** The first ones, for whom the server compiles its code and grows its heap. */
const uncounted = 500;

export async function idleClients(host: string, { game, clients }: IdleLoad): Promise<Figures> {
  const first = await session(host);
  const shared = game === 'swarm' ? await created(first, game, { options }) : null;
  const figures = await held(host, clients, () => (shared === null ? pair(host) : watcher(host, shared)));
  await first.close();
  return figures;
}

export function idleClientsOfRoom(host: string, { game, clients }: IdleLoad): Promise<Figures> {
  return held(host, clients, async () => {
    if (game === 'swarm') return [(await entered(host, 'swarm', options)).peer];
    const { peer, roomId } = await entered(host, 'chess', {}, 'create');
    return [peer, (await entered(host, roomId, {}, 'joinById')).peer];
  });
}

async function watcher(host: string, match: string): Promise<Peer[]> {
  const peer = await session(host);
  await followed(peer, 'swarm', match, { watch: true });
  return [peer];
}

async function pair(host: string): Promise<Peer[]> {
  const peers = [await session(host), await session(host)] as const;
  const match = await created(peers[0], 'chess', { opponent: 'friend', seat: 0 });
  await followed(peers[0], 'chess', match, {}, 2); // the first has made the match
  await followed(peers[1], 'chess', match);
  return [...peers];
}

async function held(host: string, clients: number, make: () => Promise<Peer[]>): Promise<Figures> {
  const peers: Peer[] = [];
  const fill = async (count: number) => {
    while (peers.length < count) peers.push(...(await Promise.all(Array.from({ length: atOnce }, make))).flat());
  };
  await fill(uncounted);
  const [before, there] = [await usageOf(host, '?collect'), peers.length];
  await fill(there + clients);
  const after = await usageOf(host, '?collect');
  const count = peers.length - there;
  await Promise.all(peers.map((peer) => peer.close()));
  const each = (bytes: number) => bytes / count;
  return {
    operations: count,
    ms: 0,
    cpuMs: 0,
    bytesEach: each(after.heap - before.heap),
    residentEach: each(after.resident - before.resident),
  };
}
