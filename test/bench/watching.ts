/** A world and those who watch it: what a tick costs the server, in time and in bytes. */
import { gameUris, lobbyUris, messages, serializers, type Message } from '../../protocol/index.ts';
import { many } from './calls.ts';
import { entered } from './colyseus-room.ts';
import { during, type Figures } from './measure.ts';
import { open, type Peer } from './peer.ts';

const { encode, decode, subprotocol } = serializers.find(({ name }) => name === 'msgpack')!;
const roles = { caller: {}, subscriber: {} };

/** Entities, and clients that see them all, or as much of them as the world, or the room, lets them. */
export interface WatchLoad {
  /** Default: the swarm, in which clients only watch; in another they play. */
  readonly world?: 'swarm' | 'cells' | 'open';
  readonly size: number;
  readonly clients: number;
  readonly ms: number;
}

/** @returns `bytesEach` is what comes over a client's socket for one tick. */
export async function watching(host: string, { world = 'swarm', size, clients, ms }: WatchLoad): Promise<Figures> {
  const [first] = await many(1, () => session(host));
  const match = await created(first!, world, { options: { size } });
  const watchers = await many(clients, async () => {
    const peer = await session(host);
    await followed(peer, world, match, { watch: world === 'swarm' });
    return peer;
  });
  const figures = await counted(host, watchers, ms);
  const { leave } = gameUris(world).match(match);
  const leaving = encode({ type: 'call', request: 3, options: {}, procedure: leave, args: [] });
  // A world whose players have only dropped goes on for a while: it would be measured with the next one.
  if (world !== 'swarm') await Promise.all(watchers.map((peer) => peer.ask(leaving)));
  await Promise.all([...watchers, first!].map((peer) => peer.close()));
  return figures;
}

/** The same in a room of Colyseus. */
export async function watchingRoom(host: string, { world = 'swarm', size, clients, ms }: WatchLoad): Promise<Figures> {
  const watchers = await many(clients, async () => (await entered(host, world, { size })).peer);
  const figures = await counted(host, watchers, ms);
  await Promise.all(watchers.map((peer) => peer.close()));
  return figures;
}

/** What comes to each while time goes by; says so where somebody has missed an update. */
async function counted(
  host: string,
  watchers: readonly Peer[],
  ms: number,
): Promise<Figures & { readonly bytesEach: number }> {
  const counts = new Float64Array(watchers.length);
  let [bytes, events] = [0, 0];
  for (const [i, peer] of watchers.entries()) {
    peer.onMessage = (_, start, end) => {
      counts[i]! += 1;
      events += 1;
      bytes += end - start + (end - start < 126 ? 2 : end - start < 65_536 ? 4 : 10);
    };
  }
  const figures = await during(host, ms, () => events, 'paced');
  const bytesEach = bytes / events;
  const most = Math.max(...counts);
  const missed = counts.reduce((sum, count) => sum + most - count, 0);
  if (missed > watchers.length)
    console.error(`${missed} of ${most * watchers.length} updates have not come to a client`);
  return { ...figures, bytesEach };
}

/** A new match or world, by the first request of a session. @returns its id. */
export async function created(peer: Peer, game: string, how: object): Promise<string> {
  const kwargs = { game, ...how };
  const made = await peer.ask(
    encode({ type: 'call', request: 1, options: {}, procedure: lobbyUris.create, args: [], kwargs }),
  );
  // What `create` answers is known; the message is of any kind.
  const [{ match }] = (decode(made) as unknown as { args: [{ match: string }] }).args;
  return match;
}

/** Subscribes and joins in the packed form. @param request the next of the session. @returns the answer to joining. */
export async function followed(
  peer: Peer,
  game: string,
  match: string,
  how: object = {},
  request = 1,
): Promise<Buffer> {
  const uris = gameUris(game).match(match);
  await peer.ask(encode({ type: 'subscribe', request, options: {}, topic: uris.state.packed }));
  const kwargs = { form: 'packed', ...how };
  const joining = encode({ type: 'call', request: request + 1, options: {}, procedure: uris.join, args: [], kwargs });
  const answer = await peer.ask(joining);
  // The first byte says that it is a list, the second is the code. An event of its own coming may be first.
  if (answer[1] === messages.error.code)
    throw new Error(`${game} did not let a client in: ${answer.toString('latin1')}`);
  return answer;
}

export async function session(host: string): Promise<Peer> {
  const peer = await open(`ws://${host}/ws`, subprotocol);
  const hello: Message<'hello'> = { type: 'hello', realm: 'realmkit', details: { roles } };
  await peer.ask(encode(hello));
  return peer;
}
