/** Events to many subscribers: by the broker, or one frame built once and written to every socket. */
import { serializers, type Message } from '../../protocol/index.ts';
import { joined, many } from './calls.ts';
import { during, paced, sleep, type Figures } from './measure.ts';
import { hello, payloadOf, publish, subscribe } from './messages.ts';
import { open, type Peer } from './peer.ts';

type Side = 'ours' | 'ceiling';

export interface FanOutLoad {
  readonly topics: number;
  /** Of each topic. */
  readonly subscribers: number;
  /** Over all topics; absent: as many as go, a hundred on the way. */
  readonly perSecond?: number;
  readonly ms: number;
  readonly payloadBytes?: number;
  /** How many patterns others have subscribed to, and how the subscribers do. */
  readonly patterns?: { readonly count: number; readonly match: 'prefix' | 'wildcard' };
  /** The subscribers speak MessagePack, the publisher JSON. */
  readonly mixed?: boolean;
  /** The deliveries to every 100th subscriber are timed, by the clock of the load process. */
  readonly isTimed?: boolean;
}

const inFlight = 100;
/** Before events that are paced: a server that has run for a minute is past compiling. */
const saturatedFirstMs = 1500;
/** A server that is further behind has lost the race: no more is put on it. */
const mostBehind = 3000;
const topicOf = (index: number) => `bench.topic${index}.news`;

export async function fanOut(host: string, side: Side, load: FanOutLoad): Promise<Figures> {
  const { topics, subscribers, perSecond, ms } = load;
  const text = payloadOf(load.payloadBytes ?? 32);
  const audience = (
    await Promise.all(
      Array.from({ length: topics }, (_, topic) => many(subscribers, () => listener(host, side, topic, load))),
    )
  ).flat();
  const publisher = side === 'ours' ? await joined(host) : await open(`ws://${host}/publisher`);
  let published = 0;
  let received = 0;
  let isSaturating = true;
  const latencies: number[] = [];
  const sentAt: number[] = [];
  const publishNext = () => {
    if (published - received / subscribers > mostBehind) return;
    const topic = published++ % topics;
    const stamp = load.isTimed ? String(sentAt.push(performance.now()) - 1).padStart(text.length, '0') : text;
    publisher.send(
      side === 'ours' ? publish(published, topicOf(topic), stamp) : `${topic} ${publish(published, '', stamp)}`,
    );
  };
  const onEvent = () => {
    received += 1;
    if (isSaturating && received % subscribers === 0) publishNext();
  };
  const onTimedEvent = (data: Buffer, _: number, end: number) => {
    onEvent();
    latencies.push(performance.now() - sentAt[Number(data.toString('latin1', end - 10, end - 3))]!);
  };
  for (const [i, peer] of audience.entries()) peer.onMessage = load.isTimed && i % 100 === 0 ? onTimedEvent : onEvent;
  for (let i = 0; i < inFlight; i++) publishNext();
  let stop = () => {};
  if (perSecond !== undefined) {
    await sleep(saturatedFirstMs);
    isSaturating = false;
    await sleep(300);
    stop = paced(perSecond, publishNext);
  }
  const figures = await during(host, ms, () => received, perSecond === undefined ? 'saturated' : 'paced');
  isSaturating = false;
  stop();
  const expected = () => published * subscribers;
  for (let waited = 0; received < expected() && waited < 3000; waited += 20) await sleep(20);
  if (received !== expected()) console.error(`${expected() - received} of ${expected()} deliveries are missing`);
  await Promise.all([...audience, publisher].map((peer) => peer.close()));
  return load.isTimed ? { ...figures, latencies: latencies.slice(-Math.ceil(figures.operations / 100)) } : figures;
}

async function listener(host: string, side: Side, topic: number, { patterns, mixed }: FanOutLoad): Promise<Peer> {
  if (side === 'ceiling') return open(`ws://${host}/subscriber/${topic}`);
  if (mixed) return msgpackListener(host, topicOf(topic));
  const peer = await joined(host);
  const own = { exact: topicOf(topic), prefix: `bench.topic${topic}.`, wildcard: `bench..news` };
  await peer.ask(subscribe(1, own[patterns?.match ?? 'exact'], patterns?.match));
  return peer;
}

async function msgpackListener(host: string, topic: string): Promise<Peer> {
  const { encode, subprotocol } = serializers.find(({ name }) => name === 'msgpack')!;
  const [, realm, details] = JSON.parse(hello) as [number, string, Message<'hello'>['details']];
  const peer = await joined(host, subprotocol, encode({ type: 'hello', realm, details }));
  await peer.ask(encode({ type: 'subscribe', request: 1, options: {}, topic }));
  return peer;
}

/** A session that holds many patterns, which never match. */
export async function patternHolder(host: string, { count, match }: { count: number; match: string }): Promise<Peer> {
  const peer = await joined(host);
  for (let i = 0; i < count; i++) {
    await peer.ask(subscribe(i + 1, match === 'prefix' ? `bench.other${i}.` : `bench..other${i}`, match));
  }
  return peer;
}
