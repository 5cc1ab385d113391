/** Calls of many callers to one callee: through the router, or relayed by plain `ws` there and back, one send each. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { during, paced, sleep, type Figures } from './measure.ts';
import { call, hello, payloadOf, register, secondOf, yielded } from './messages.ts';
import { frameOf, open, type Peer } from './peer.ts';

const procedure = 'bench.procedure.echo';
const router = (host: string) => `ws://${host}/ws`;

export interface CallLoad {
  readonly callers: number;
  /** Of each caller. */
  readonly inFlight: number;
  readonly ms: number;
  readonly payloadBytes?: number;
  /** How many patterns are registered beside, and how the procedure itself is. */
  readonly patterns?: { readonly count: number; readonly match: string };
}

/** As many calls as go: each answer brings the next call. */
export async function calls(host: string, side: 'ours' | 'ceiling', load: CallLoad): Promise<Figures> {
  const text = payloadOf(load.payloadBytes ?? 32);
  const callee = side === 'ours' ? await joined(host) : await open(`ws://${host}/callee`);
  if (side === 'ours') await registerAll(callee, load.patterns);
  answer(callee, text);
  const callers = await many(load.callers, () => (side === 'ours' ? joined(host) : open(`ws://${host}/caller`)));
  let done = 0;
  let isOver = false;
  for (const caller of callers) {
    let request = 0;
    const next = () => caller.send(call(++request, procedure, text));
    caller.onMessage = () => {
      done += 1;
      if (!isOver) next();
    };
    for (let i = 0; i < load.inFlight; i++) next();
  }
  const figures = await during(host, load.ms, () => done);
  isOver = true;
  await Promise.all([...callers, callee].map((peer) => peer.close()));
  return figures;
}

/** So many calls a second, spread over the callers, each timed. */
export async function pacedCalls(host: string, perSecond: number, ms: number): Promise<Figures> {
  const callee = await calleeOn(host);
  const callers = await many(32, () => joined(host));
  const latencies: number[] = [];
  for (const caller of callers) Object.assign(caller, timed(caller, latencies));
  let turn = 0;
  const stop = paced(perSecond, () => timedCall(callers[turn++ % callers.length]!));
  const figures = await during(host, ms, () => latencies.length, 'paced');
  stop();
  await sleep(100);
  const measured = latencies.slice(-figures.operations);
  await Promise.all([...callers, callee].map((peer) => peer.close()));
  return { ...figures, latencies: measured };
}

/** Every session calls once, all in the same moment. */
export async function callsAtOnce(host: string, sessions: number): Promise<Figures> {
  const callee = fork(new URL('callee.ts', import.meta.url), [host]);
  await once(callee, 'message');
  const callers = await many(sessions, () => joined(host));
  const latencies: number[] = [];
  for (const caller of callers) Object.assign(caller, timed(caller, latencies));
  for (let round = 1; round <= 3; round++) {
    latencies.length = 0;
    const frame = frameOf(call(round, procedure)); // of all the same
    for (const caller of callers) timedCall(caller, frame);
    while (latencies.length < sessions) await sleep(5);
  }
  callee.disconnect();
  await once(callee, 'exit');
  await Promise.all(callers.map((peer) => peer.close()));
  return { operations: sessions, ms: 0, cpuMs: 0, latencies };
}

interface Timed {
  /** When each call went out that is under way: answers come in order. */
  readonly sent: number[];
  request: number;
}
const clocks = new WeakMap<Peer, Timed>();

function timed(caller: Peer, latencies: number[]): Pick<Peer, 'onMessage'> {
  const clock: Timed = { sent: [], request: 0 };
  clocks.set(caller, clock);
  return { onMessage: () => latencies.push(performance.now() - clock.sent.shift()!) };
}

function timedCall(caller: Peer, frame?: Buffer): void {
  const clock = clocks.get(caller)!;
  clock.request += 1;
  clock.sent.push(performance.now());
  caller.sendFrame(frame ?? frameOf(call(clock.request, procedure)));
}

/** One that answers every call of the procedure. */
export async function calleeOn(host: string): Promise<Peer> {
  const callee = await joined(host);
  await registerAll(callee);
  answer(callee, payloadOf(32));
  return callee;
}

/** INVOCATION, or the CALL itself where it is relayed, is answered with YIELD. */
function answer(callee: Peer, text: string): void {
  callee.onMessage = (data, start) => callee.send(yielded(secondOf(data, start), text));
}

async function registerAll(callee: Peer, patterns?: CallLoad['patterns']): Promise<void> {
  const { count = 0, match = 'exact' } = patterns ?? {};
  let request = 0;
  for (let i = 0; i < count; i++) {
    const uri = match === 'prefix' ? `bench.other${i}.` : `bench..other${i}`;
    await callee.ask(register(++request, uri, match));
  }
  const uri = { exact: procedure, prefix: 'bench.procedure.', wildcard: 'bench..echo' }[match];
  await callee.ask(register(++request, uri ?? procedure, match));
}

/** A peer with a session in realm1. */
export async function joined(
  host: string,
  subprotocol = 'wamp.2.json',
  greeting: string | Uint8Array = hello,
): Promise<Peer> {
  const peer = await open(router(host), subprotocol);
  await peer.ask(greeting);
  return peer;
}

/** So many at once that the server's backlog is not overrun. */
export async function many(count: number, make: () => Promise<Peer>): Promise<Peer[]> {
  const made: Peer[] = [];
  while (made.length < count) {
    const batch = Math.min(100, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: batch }, make))));
  }
  return made;
}
