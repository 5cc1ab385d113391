import {
  randomId,
  transportPair,
  type Clock,
  type Message,
  type Serializer,
  type Transport,
} from '../../protocol/index.ts';
import { Admission, inProcess, type AuthenticationMethod, type TransportFacts } from '../authentication/index.ts';
import { Router, type Chance, type ConnectionId, type Effect, type Hello, type RealmConfig } from '../router/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';
import { OwnSessions } from './own-sessions.ts';
import type { TrustedPrincipal } from './trusted-principal.ts';

/** A transport that encodes: one message to many such receivers is encoded once for each serializer among them. */
export interface EncodingTransport extends Transport {
  readonly serializer: Serializer;
  /** Sends what `serializer` has encoded. Never throws; after the end it does nothing. */
  sendEncoded(encoded: string | Uint8Array): void;
}

export interface HubRealm extends RealmConfig {
  /** How peers prove who they are. None: only components linked with a principal can join. */
  readonly authentication: readonly AuthenticationMethod[];
}

export interface HubConfig {
  readonly realms: readonly HubRealm[];
  /** How the router calls itself in WELCOME. */
  readonly agent?: string;
  readonly joinTimeoutMs?: number;
  readonly chance?: Chance;
  /** The time of day, in milliseconds since 1970. */
  readonly now?: () => number;
  readonly clock?: Clock;
  /** Told of our own bugs; the connection they hit is closed. Default: the console. */
  readonly report?: (error: unknown) => void;
}

interface Peer {
  readonly transport: Transport | EncodingTransport;
  readonly facts: TransportFacts;
  readonly trusted: TrustedPrincipal | undefined;
}

/** The edge of the router: owns the core and the transports, feeds one and performs its effects on the others. */
export class Hub {
  readonly #router: Router;
  readonly #admission: Admission;
  readonly #own: OwnSessions;
  readonly #peers = new Map<ConnectionId, Peer>();
  readonly #clock: Clock;
  /** Timers of the delays that the core waits for. */
  readonly #delays = new Map<number, unknown>();
  readonly #report: (error: unknown) => void;
  #sweepTimer: unknown;
  /** Resolves when the hub has stopped; undefined while it runs. */
  #stopped: Promise<void> | undefined;
  /** Called when the last peer has gone. */
  #drained: () => void = () => {};

  constructor({
    realms,
    agent,
    chance = hostChance,
    now = Date.now,
    clock = backgroundClock,
    report,
    joinTimeoutMs = defaults.joinTimeoutMs,
  }: HubConfig) {
    this.#router = new Router({ realms, surroundings: { chance, now }, ...(agent !== undefined && { agent }) });
    this.#admission = new Admission(new Map(realms.map(({ name, authentication }) => [name, authentication])), {
      welcome: (to, principal, authextra) => this.#perform(to, () => this.#router.welcome(to, principal, authextra)),
      challenge: (to, method, extra) => this.#perform(to, () => this.#router.challenge(to, method, extra)),
      deny: (to, reason, message) => this.#perform(to, () => this.#router.deny(to, reason, message)),
      report: (error) => this.#report(error),
    });
    this.#own = new OwnSessions((principal) => this.link(principal), clock, defaults.componentTimeoutMs);
    this.#clock = clock;
    this.#report = report ?? ((error) => console.error(error));
    this.#sweepEvery(joinTimeoutMs);
  }

  /** How many peers are connected, joined or not. */
  get connections(): number {
    return this.#peers.size;
  }

  /**
   * Takes over the router's end of a transport.
   * @param trusted who its session will be, whatever HELLO says.
   */
  accept(
    transport: Transport | EncodingTransport,
    facts: TransportFacts = inProcess,
    trusted?: TrustedPrincipal,
  ): void {
    if (this.#stopped) {
      transport.close();
      return;
    }
    const connection = this.#router.connect();
    this.#peers.set(connection, { transport, facts, trusted });
    transport.onMessage((input) => this.#perform(connection, () => this.#router.receive(connection, input)));
    transport.onClose(() => {
      this.#peers.delete(connection);
      this.#admission.forget(connection);
      this.#perform(connection, () => this.#router.disconnect(connection));
      if (this.#peers.size === 0) this.#drained();
    });
  }

  /** The other end of an in-memory transport: for a component in this process, or a test. */
  link(trusted?: TrustedPrincipal): Transport {
    const [ours, theirs] = transportPair();
    this.accept(ours, inProcess, trusted);
    return theirs;
  }

  /** GOODBYE to everybody; resolves when all have gone, or have been closed after `drainMs`. */
  stop(drainMs: number = defaults.drainMs): Promise<void> {
    this.#stopped ??= this.#drain(drainMs);
    return this.#stopped;
  }

  async #drain(drainMs: number): Promise<void> {
    this.#clock.clearTimeout(this.#sweepTimer);
    const drained = new Promise<void>((resolve) => (this.#drained = resolve));
    this.#performAll(this.#router.stop());
    for (const timer of this.#delays.values()) this.#clock.clearTimeout(timer);
    if (this.#peers.size === 0) return;
    const deadline = this.#clock.setTimeout(() => {
      for (const { transport } of this.#peers.values()) transport.close();
      this.#drained();
    }, drainMs);
    await drained;
    this.#clock.clearTimeout(deadline);
  }

  #sweepEvery(ms: number): void {
    this.#sweepTimer = this.#clock.setTimeout(() => {
      this.#performAll(this.#router.sweep());
      this.#sweepEvery(ms);
    }, ms);
  }

  #wake(key: number): void {
    this.#delays.delete(key);
    try {
      this.#performAll(this.#router.wake(key));
    } catch (error) {
      this.#report(error);
    }
  }

  /** A step of the core that fails is our bug: it is reported, costs the connection it was for, and no other. */
  #perform(connection: ConnectionId, step: () => readonly Effect[]): void {
    try {
      this.#performAll(step());
    } catch (error) {
      this.#report(error);
      this.#peers.get(connection)?.transport.close();
    }
  }

  #performAll(effects: readonly Effect[]): void {
    for (const effect of effects) {
      try {
        this.#performOne(effect);
      } catch (error) {
        this.#report(error); // the others must still learn what happened
      }
    }
  }

  #performOne(effect: Effect): void {
    switch (effect.do) {
      case 'send':
        this.#send(effect.to, effect.message);
        return;
      case 'close':
        this.#peers.get(effect.connection)?.transport.close();
        return;
      case 'wake':
        this.#delays.set(
          effect.key,
          this.#clock.setTimeout(() => this.#wake(effect.key), effect.ms),
        );
        return;
      case 'let sleep':
        this.#clock.clearTimeout(this.#delays.get(effect.key));
        this.#delays.delete(effect.key);
        return;
      case 'authenticate':
        this.#admit(effect.connection, effect.hello);
        return;
      case 'verify':
        this.#admission.answer(effect.connection, effect.signature, effect.extra);
        return;
      default:
        unreachable(effect);
    }
  }

  /** Encodes once for each serializer among the receivers. */
  #send(to: readonly ConnectionId[], message: Message): void {
    const encoded = new Map<Serializer, string | Uint8Array>();
    for (const connection of to) {
      const transport = this.#peers.get(connection)?.transport;
      if (transport && 'serializer' in transport)
        transport.sendEncoded(encodedBy(transport.serializer, message, encoded));
      else transport?.send(message);
    }
  }

  #admit(connection: ConnectionId, hello: Hello): void {
    const peer = this.#peers.get(connection);
    if (!peer) return;
    const { trusted, facts } = peer;
    const principal = trusted && { ...trusted, authmethod: 'trusted', authprovider: 'static' };
    if (principal) this.#perform(connection, () => this.#router.welcome(connection, principal));
    else this.#admission.begin(connection, hello, { facts, call: (...what) => this.#own.call(...what) });
  }
}

function encodedBy(
  serializer: Serializer,
  message: Message,
  known: Map<Serializer, string | Uint8Array>,
): string | Uint8Array {
  const encoded = known.get(serializer) ?? serializer.encode(message);
  known.set(serializer, encoded);
  return encoded;
}

const hostChance: Chance = { id: randomId, fraction: Math.random };

function unreachable(value: never): never {
  throw new Error(`not a case: ${JSON.stringify(value)}`);
}
