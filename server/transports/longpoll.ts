/** WAMP over plain HTTP requests, for where no WebSocket passes. WAMP "HTTP Long-Poll Transport". */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Serializer } from '../../protocol/index.ts';
import { defaults } from './defaults.ts';
import type { Reception } from './entrance.ts';
import { LongPollTransport, type LongPollTransportOptions, type Poll } from './longpoll-transport.ts';
import { chooseSerializer, offerOneOf } from './subprotocols.ts';
import { trackingCookie } from './tracking-cookie.ts';
import { visitorProblem, webFacts, type Refusal, type WebVisitors } from './web-visitor.ts';

export interface ServeLongPollOptions extends WebVisitors, LongPollTransportOptions {
  readonly hub: Reception;
  /** Below which the requests come: `/lp/open`. Default '/lp'. */
  readonly path?: string;
  /** Default: JSON and MessagePack; each also batched. */
  readonly serializers?: readonly Serializer[];
  /** Largest body of a request, in bytes. */
  readonly maxMessageBytes?: number;
}

export interface LongPollService {
  /** Whether the request was for it, and is taken care of: to be asked by the listener of an HTTP server. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Drops those that are still open; `hub.stop()` first takes leave of them. */
  close(): void;
  /** How requests that come from now on are served; the transports that are there stay as they are. */
  change(options: ServeLongPollOptions): void;
}

/** Lets peers reach the hub by HTTP requests. */
export function serveLongPoll(options: ServeLongPollOptions): LongPollService {
  const visits = new Visits(options);
  return {
    handle(request, response) {
      const path = request.url?.split('?')[0] ?? '';
      const base = `${visits.options.path ?? '/lp'}/`;
      if (!path.startsWith(base)) return false;
      void visits.handle(path.slice(base.length).split('/'), request, response);
      return true;
    },
    close: () => visits.close(),
    change(changed) {
      visits.options = changed;
    },
  };
}

/** A peer, and the requests of it that are not handled yet: they are taken in the order in which they began. */
interface Visit {
  readonly transport: LongPollTransport;
  turn: Promise<unknown>;
  waiting: number;
}

/** Requests to send that may be under way at once. AutobahnJS does not wait for one before the next. */
const mostSends = 1000;

class Visits {
  options: ServeLongPollOptions;
  readonly #visits = new Map<string, Visit>();

  constructor(options: ServeLongPollOptions) {
    this.options = options;
  }

  async handle(path: readonly string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
    const problem = visitorProblem(request, this.options);
    if (problem) return refuse(response, problem);
    allow(request, response);
    if (request.method === 'OPTIONS') return nothing(response);
    if (request.method !== 'POST') return refuse(response, [405, 'Requests of WAMP are POST.']);
    if (path.length === 1 && path[0] === 'open') return this.#open(request, response);
    const [id = '', action = '', ...more] = path;
    const visit = more.length === 0 ? this.#visits.get(id) : undefined;
    if (!visit) return refuse(response, [404, 'There is no such transport.']);
    switch (action) {
      case 'receive':
        return receive(visit, request, response);
      case 'send':
        return this.#send(visit, request, response);
      case 'close':
        visit.transport.end('closed by the other side');
        return nothing(response);
      default:
        return refuse(response, [404, 'A transport has receive, send and close.']);
    }
  }

  close(): void {
    for (const { transport } of this.#visits.values()) transport.end('the router has stopped');
  }

  async #open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { hub, serializers } = this.options;
    const body = await bodyOf(request, this.#maxBytes);
    const serializer = body && chooseSerializer(protocolsIn(body), serializers);
    if (!serializer) return refuse(response, [400, offerOneOf(serializers)]);
    const facts = webFacts(request, this.options);
    const crowded = hub.crowdProblem(facts.peer);
    if (crowded !== null) return refuse(response, [503, `Nobody more can connect: ${crowded}.`]);
    const id = randomBytes(24).toString('base64url');
    const transport = new LongPollTransport(serializer, this.options, () => this.#visits.delete(id));
    this.#visits.set(id, { transport, turn: Promise.resolve(), waiting: 0 });
    hub.accept(transport, { type: 'longpoll', protocol: serializer.subprotocol, ...facts });
    const { header } = (this.options.cookie && trackingCookie(request, this.options.cookie)) ?? {};
    if (header) response.setHeader('set-cookie', header);
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ protocol: serializer.subprotocol, transport: id }));
  }

  #send(visit: Visit, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = bodyOf(request, this.#maxBytes);
    if (++visit.waiting > mostSends) visit.transport.end('sent too much at once');
    const handled = visit.turn.then(async () => {
      const bytes = await body;
      visit.waiting--;
      if (bytes)
        return visit.transport.receive(bytes) ? nothing(response) : refuse(response, [400, 'This is no message.']);
      visit.transport.end('sent a message that was too large, or broke off');
      return refuse(response, [413, `A request may have ${this.#maxBytes} bytes.`]);
    });
    visit.turn = handled;
    return handled;
  }

  get #maxBytes(): number {
    return this.options.maxMessageBytes ?? defaults.maxMessageBytes;
  }
}

function receive({ transport }: Visit, request: IncomingMessage, response: ServerResponse): void {
  request.resume(); // it has no body that matters
  const type = transport.serializer.serializer.binary ? 'application/octet-stream' : 'application/json; charset=utf-8';
  let isAnswered = false;
  const poll: Poll = {
    tell() {
      isAnswered = true;
      nothing(response);
    },
    answer(body, left) {
      isAnswered = true;
      response.once('finish', left).writeHead(200, { 'content-type': type }).end(body);
    },
    breakOff: () => response.destroy(),
    end: () => refuse(response, [404, 'There is no such transport any more.']),
  };
  response.once('close', () => {
    if (!isAnswered) transport.abandon(poll);
    else if (!response.writableFinished) transport.end('an answer did not reach it');
  });
  transport.poll(poll);
}

/** Resolves with null when it is too large, or breaks off. */
function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= maxBytes) parts.push(part);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('close', () => resolve(null)); // after `end` it says nothing new
  });
}

/** WAMP "Opening a Session": `{"protocols": ["wamp.2.json"]}`. */
function protocolsIn(body: Buffer): readonly unknown[] {
  try {
    const wish: unknown = JSON.parse(body.toString());
    if (typeof wish !== 'object' || wish === null || !('protocols' in wish)) return [];
    return Array.isArray(wish.protocols) ? wish.protocols : [];
  } catch {
    return []; // no JSON: nothing of ours is offered
  }
}

/** Browsers let a page of another origin read an answer, and send its cookies, only where the answer says so. */
function allow({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('vary', 'Origin');
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-methods', 'POST');
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('access-control-max-age', '600');
}

function nothing(response: ServerResponse): void {
  response.writeHead(204).end();
}

/** A request with a body that was not read to its end ends its connection. */
function refuse(response: ServerResponse, [status, explanation]: Refusal): void {
  if (!response.req.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${explanation}\n`);
}
