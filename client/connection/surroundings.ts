/** What a connection takes from the host it runs in. Everything can be passed in; these are the browser's. */
import { connectWebSocket, hostClock, slowed, type Clock, type Latency, type Transport } from '../../protocol/index.ts';
import { reportToConsole, type Off, type Report } from '../listeners.ts';
import type { TicketStore } from './guest-ticket.ts';

export interface ClientClock extends Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface ConnectOptions {
  /** Of the router's WebSocket. Default: `/ws` where the page came from. */
  readonly url?: string;
  /** Default 'realmkit'. */
  readonly realm?: string;
  /** Where a guest's ticket is kept for the next page; null: nowhere. Default: `localStorage`, where there is one. */
  readonly storage?: TicketStore | null;
  /** Opens a transport, or throws saying why not. Default: a WebSocket. */
  readonly transport?: (url: string, options: { readonly signal: AbortSignal }) => Promise<Transport>;
  /**
   * Holds back all that is sent and all that comes, as a slow network would: for development. `{ roundTripMs: 150, jitterMs:
   * 50 }` is a round trip of 100 to 200 ms. Default null: nothing is.
   */
  readonly simulate?: Latency | null;
  readonly clock?: ClientClock;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** Calls its listener when it is worth trying now: the network is back, or somebody looks at the page again. */
  readonly onWake?: (listener: () => void) => Off;
  /** Told of errors that no promise carries: a listener threw, a subscription could not be renewed. Default: console.error. */
  readonly onError?: Report;
}

/** @throws Error outside a browser, where nobody can say which URL is meant. */
export function surroundings(options: ConnectOptions): Required<ConnectOptions> {
  const { simulate = null, transport = connectWebSocket, random = Math.random } = options;
  const clock = options.clock ?? { ...hostClock, now: () => Date.now() };
  return {
    url: options.url ?? pageUrl(),
    realm: options.realm ?? 'realmkit',
    storage: options.storage === undefined ? pageStorage() : options.storage,
    transport: simulate
      ? async (...to) => slowed(await transport(...to), simulate, { clock, now: () => clock.now(), random })
      : transport,
    simulate,
    clock,
    random,
    onWake: options.onWake ?? onPageWake,
    onError: options.onError ?? reportToConsole,
  };
}

function pageUrl(): string {
  if (typeof location === 'undefined') throw new Error('connect: pass a url, there is no page to take it from');
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
}

function pageStorage(): TicketStore | null {
  try {
    return localStorage;
  } catch {
    return null; // Node, or a browser that forbids it
  }
}

function onPageWake(listener: () => void): Off {
  if (typeof window === 'undefined') return () => {};
  const seen = () => document.visibilityState === 'visible' && listener();
  window.addEventListener('online', listener);
  document.addEventListener('visibilitychange', seen);
  return () => {
    window.removeEventListener('online', listener);
    document.removeEventListener('visibilitychange', seen);
  };
}
