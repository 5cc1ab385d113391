/**
 * Whatever peers say, over whichever transports and serializers, and whatever happens to their bytes: nothing of ours
 * fails, every request is answered once, and healthy sessions are served. `npm run fuzz` says far more.
 */
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batched, loadSerializers, type Message } from '../../protocol/index.ts';
import {
  arbitraryBreaks,
  arbitraryPeer,
  arbitraryRequests,
  broken,
  somebody,
  type ArbitraryPeer,
  type Said,
} from './arbitrary-peer.ts';
import { batch, encoders, type Bytes } from './encoders.ts';
import { handshake } from './handshake.ts';
import { maskedFrame } from './hostile-frames.ts';
import { inMebibytes, startRouter, type Router } from './router.ts';
import { framed, joined, transports, type Wire } from './wire.ts';

/** Messages that are to be said, at least, and a fifth as many again in broken streams. */
const wanted = Number(process.env['FUZZ_MESSAGES'] ?? 2000);
const serializers = await loadSerializers();

let router: Router;
let heapBefore = 0;
let said = 0;
beforeAll(async () => {
  router = await startRouter();
  for (const manners of ['polite', 'rude'] as const) await fuzz(wanted / 20, anybody(manners)); // what runs is compiled now
  heapBefore = await router.calm();
}, 120_000);
afterAll(() => router.stop());

const can = (...features: string[]) => ({ features: Object.fromEntries(features.map((name) => [name, true])) });
const roles = {
  caller: can('progressive_call_results', 'call_canceling', 'payload_passthru_mode'),
  callee: can('progressive_call_results', 'call_canceling', 'call_timeout', 'payload_passthru_mode'),
  publisher: can('payload_passthru_mode'),
  subscriber: can('payload_passthru_mode'),
};

const hello = [1, 'realm1', { roles }];

/** One peer at work. */
class Peer {
  readonly #plan: ArbitraryPeer;
  readonly #wire: Wire;
  readonly #encode: (value: unknown) => Bytes;
  readonly #frame: (bytes: Bytes) => Bytes;
  readonly session: number;
  /** By id: the code of a request that may still be answered. */
  readonly #asked = new Map<number, number>();
  #last = 0;

  private constructor(plan: ArbitraryPeer, wire: Wire, session: number, frame: (bytes: Bytes) => Bytes) {
    this.#plan = plan;
    this.#wire = wire;
    this.session = session;
    this.#frame = frame;
    this.#encode = encoders[serializers[plan.serializer]!.name];
  }

  static async connect(plan: ArbitraryPeer): Promise<Peer> {
    const plain = serializers[plan.serializer]!;
    const batches = plan.batches && !plan.transport.startsWith('RawSocket');
    const frame = batches ? batch : (bytes: Bytes) => bytes;
    const serializer = batches ? batched(plain) : plain;
    const wire = await joined(transports[plan.transport], router, serializer, hello);
    return new Peer(plan, wire, wire.session, frame);
  }

  /** Says it all without waiting, and hears what comes until it is answered at last, or has been ended. */
  async live(others: readonly number[]): Promise<void> {
    const real = (part: unknown): unknown =>
      Array.isArray(part) ? part.map((item, i) => (item === somebody ? others[i % others.length] : item)) : part;
    for (const what of this.#plan.says) this.#say(what, real);
    const probe = ++this.#last;
    this.#wire.say(this.#frame(this.#encode([48, probe, {}, 'com.healthy'])));
    said += this.#plan.says.length;
    for (;;) {
      const message = await this.#wire.next();
      if (message === undefined || message.type === 'abort' || message.type === 'goodbye') break;
      if ((message.type === 'result' || message.type === 'error') && message.request === probe) {
        this.#expectAnswers();
        break;
      }
      this.#hear(message);
    }
    await this.#wire.leave();
  }

  #say(what: Said, real: (part: unknown) => unknown): void {
    if ('bytes' in what) return this.#wire.say(what.bytes);
    if ('wire' in what) return this.#wire.say(this.#frame(this.#encode(what.wire)));
    const [code, ...rest] = 'request' in what ? what.request : what.broken;
    this.#last += 1;
    const bytes = this.#encode([code, this.#last, ...rest.map(real)]);
    if ('how' in what) return this.#wire.say(this.#frame(broken(Buffer.from(bytes), what.how)));
    const isQuiet = code === 16 && (rest[0] as { acknowledge?: unknown } | null)?.acknowledge !== true;
    if (!isQuiet) this.#asked.set(this.#last, code);
    this.#wire.say(this.#frame(bytes));
  }

  /** Nothing is answered that was not asked, or twice. */
  #hear(message: Message): void {
    if (message.type === 'invocation') return this.#serve(message.request);
    const code = answered(message);
    if (code === undefined || !this.#isPolite) return;
    const { request } = message as Message & { readonly request: number };
    if (request === 0) return; // a revocation
    expect([request, this.#asked.get(request)]).toEqual([request, code]);
    this.#asked.delete(request);
  }

  get #isPolite(): boolean {
    return this.#plan.says.every((what) => 'request' in what || ('wire' in what && isCancel(what.wire)));
  }

  #serve(request: number): void {
    const say = (wire: unknown) => this.#wire.say(this.#frame(this.#encode(wire)));
    const { answers } = this.#plan;
    if (answers === 'progress') say([70, request, { progress: true }, [1]]);
    if (answers === 'yield' || answers === 'progress') say([70, request, {}, [2]]);
    if (answers === 'error') say([8, 68, request, {}, 'com.fuzz.error']);
  }

  /** All but calls are answered before what was said after them. */
  #expectAnswers(): void {
    if (this.#isPolite) expect([...this.#asked].filter(([, code]) => code !== 48)).toEqual([]);
  }
}

const isCancel = (wire: unknown): boolean => Array.isArray(wire) && wire[0] === 49;

/** The code of the request that it answers for good. */
function answered(message: Message): number | undefined {
  switch (message.type) {
    case 'published':
      return 16;
    case 'subscribed':
      return 32;
    case 'unsubscribed':
      return 34;
    case 'registered':
      return 64;
    case 'unregistered':
      return 66;
    case 'result':
      return message.details.progress ? undefined : 48;
    case 'error':
      return message.requestType;
    default:
      return undefined;
  }
}

/** Again and again until so much more has been said. A failure prints seed and path. */
async function fuzz(messages: number, property: fc.IAsyncProperty<unknown>): Promise<void> {
  const most = said + messages;
  for (;;) {
    await fc.assert(property, { numRuns: 10, endOnFailure: true });
    if (said >= most) return;
  }
}

const anybody = (manners: 'polite' | 'rude') =>
  fc.asyncProperty(fc.array(arbitraryPeer(manners), { minLength: 2, maxLength: 4 }), async (plans) => {
    const all = await Promise.all(plans.map((plan) => Peer.connect(plan)));
    const sessions = all.map(({ session }) => session);
    await Promise.all(all.map((peer) => peer.live(sessions)));
    await router.healthy();
  });

test.each(['polite', 'rude'] as const)(
  '%s peers that say anything get their answers, and harm nobody',
  (manners) => fuzz(wanted / 2, anybody(manners)),
  600_000,
);

const handshakes = {
  RawSocket: Buffer.from('7ff10000', 'hex'),
  WebSocket: Buffer.from(handshake()),
};

test.each(['RawSocket', 'WebSocket'] as const)(
  'a broken stream of a %s ends it, and harms nobody',
  async (transport) => {
    const framedAs = { RawSocket: framed, WebSocket: (text: string) => maskedFrame(1, text) }[transport];
    await fuzz(
      wanted / 10,
      fc.asyncProperty(arbitraryRequests, arbitraryBreaks, async (requests, breaks) => {
        const texts = requests.map(([code, ...rest], i) => JSON.stringify([code, i + 1, ...rest]));
        const frames = [JSON.stringify(hello), ...texts].map(framedAs);
        const stream = breaks.reduce(broken, Buffer.concat([handshakes[transport], ...frames]));
        said += requests.length;
        const socket = connect({ port: router.port, host: '127.0.0.1' }).resume();
        socket.on('error', () => {}); // a reset is an end, too
        socket.end(stream.length > 0 ? stream : '\r\n'); // who says nothing at all is waited for, see `slow.test.ts`
        await new Promise((resolve) => socket.once('close', resolve));
        await router.healthy();
      }),
    );
  },
  600_000,
);

test('the router is calm afterwards, and its heap within 10 % of where it began', async () => {
  const heap = await router.calm();
  console.log(
    `${said} fuzzed messages; heap of the router, MiB: ${inMebibytes(heapBefore)} before, ${inMebibytes(heap)} after`,
  );
  expect(said).toBeGreaterThanOrEqual(wanted);
  expect(heap / heapBefore).toBeLessThan(1.1);
});
