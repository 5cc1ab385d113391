/** A world and those who watch it: what a tick costs the server, in time and in bytes. */
import { gameUris, serializers, type Message } from '../../protocol/index.ts';
import { many } from './calls.ts';
import { during, type Figures } from './measure.ts';
import { open, type Peer } from './peer.ts';
import { swarm } from './swarm.ts';

const { encode, decode, subprotocol } = serializers.find(({ name }) => name === 'msgpack')!;
const roles = { caller: {}, subscriber: {} };

/** Entities, and clients that see them all. */
export interface WatchLoad {
  readonly size: number;
  readonly clients: number;
  readonly ms: number;
}

export interface WatchFigures extends Figures {
  /** Ticks that some client did not get, of all that it should have. */
  readonly missed: number;
}

/** @returns an operation is one tick at one client; `bytesEach` is what comes over its socket for one. */
export async function watching(host: string, { size, clients, ms }: WatchLoad): Promise<Figures> {
  const [first] = await many(1, () => session(host));
  const create = {
    type: 'call',
    request: 1,
    options: {},
    procedure: 'lobby.create',
    args: [],
    kwargs: { game: swarm.name, options: { size } },
  } as const;
  const made = await first!.ask(encode(create));
  // What `create` answers is known; the message is of any kind.
  const [{ match }] = (decode(made) as unknown as { args: [{ match: string }] }).args;
  const counts = new Float64Array(clients);
  let bytes = 0;
  const watchers = await many(clients, async () => {
    const peer = await session(host);
    const uris = gameUris(swarm.name).match(match);
    await peer.ask(encode({ type: 'subscribe', request: 1, options: {}, topic: uris.state.packed }));
    await peer.ask(
      encode({
        type: 'call',
        request: 2,
        options: {},
        procedure: uris.join,
        args: [],
        kwargs: { form: 'packed', watch: true },
      }),
    );
    return peer;
  });
  let events = 0;
  for (const [i, peer] of watchers.entries()) {
    peer.onMessage = (_, start, end) => {
      counts[i]! += 1;
      events += 1;
      bytes += end - start + (end - start < 126 ? 2 : 4);
    };
  }
  const figures = await during(host, ms, () => events, 'paced');
  const bytesEach = bytes / events;
  const most = Math.max(...counts);
  const missed = counts.reduce((sum, count) => sum + most - count, 0);
  if (missed > clients) console.error(`${missed} of ${most * clients} ticks have not come to a client`);
  await Promise.all([...watchers, first!].map((peer) => peer.close()));
  return { ...figures, bytesEach };
}

async function session(host: string): Promise<Peer> {
  const peer = await open(`ws://${host}/ws`, subprotocol);
  const hello: Message<'hello'> = { type: 'hello', realm: 'realmkit', details: { roles } };
  await peer.ask(encode(hello));
  return peer;
}
