import {
  errors,
  randomId,
  transportPair,
  type Clock,
  type Message,
  type Serializer,
  type Transport,
} from '../../protocol/index.ts';
import { chooseMethod, type AuthenticationMethod, type Verdict } from '../authentication/index.ts';
import { Router, type Chance, type ConnectionId, type Effect, type Hello, type RealmConfig } from '../router/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';

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

/** Who a component in this process is: nobody else can reach its link, so it need not prove anything. */
export interface TrustedPrincipal {
  readonly authid: string;
  readonly authrole: string;
}

interface Peer {
  readonly transport: Transport | EncodingTransport;
  readonly trusted: TrustedPrincipal | undefined;
  /** Waits for AUTHENTICATE. */
  answer?: (Verdict & { verdict: 'challenge' })['answer'];
}

/** The edge of the router: owns the core and the transports, feeds one and performs its effects on the others. */
export class Hub {
  readonly #router: Router;
  readonly #methods: ReadonlyMap<string, readonly AuthenticationMethod[]>;
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
    this.#methods = new Map(realms.map(({ name, authentication }) => [name, authentication]));
    this.#clock = clock;
    this.#report = report ?? ((error) => console.error(error));
    this.#sweepEvery(joinTimeoutMs);
  }

  /** How many peers are connected, joined or not. */
  get connections(): number {
    return this.#peers.size;
  }

  /** Takes over the router's end of a transport. A trusted principal is who its session will be, whatever HELLO says. */
  accept(transport: Transport | EncodingTransport, trusted?: TrustedPrincipal): void {
    if (this.#stopped) {
      transport.close();
      return;
    }
    const connection = this.#router.connect();
    this.#peers.set(connection, { transport, trusted });
    transport.onMessage((input) => this.#perform(connection, () => this.#router.receive(connection, input)));
    transport.onClose(() => {
      this.#peers.delete(connection);
      this.#perform(connection, () => this.#router.disconnect(connection));
      if (this.#peers.size === 0) this.#drained();
    });
  }

  /** The other end of an in-memory transport: for a component in this process, or a test. */
  link(trusted?: TrustedPrincipal): Transport {
    const [ours, theirs] = transportPair();
    this.accept(ours, trusted);
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
      case 'authenticate': {
        const { connection, hello } = effect;
        this.#decide(connection, () => this.#begin(connection, hello));
        return;
      }
      case 'verify': {
        const { connection, signature, extra } = effect;
        const answer = this.#peers.get(connection)?.answer;
        if (answer) this.#decide(connection, () => answer(signature, extra));
        return;
      }
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

  #begin(connection: ConnectionId, hello: Hello): Verdict | Promise<Verdict> {
    const trusted = this.#peers.get(connection)?.trusted;
    if (trusted)
      return { verdict: 'welcome', principal: { ...trusted, authmethod: 'trusted', authprovider: 'static' } };
    const methods = this.#methods.get(hello.realm) ?? [];
    const method = chooseMethod(methods, hello);
    if (method) return method.begin(hello);
    const offered = methods.map(({ name }) => name).join(', ') || 'none';
    return {
      verdict: 'denied',
      reason: errors.noMatchingAuthMethod,
      message: `realm "${hello.realm}" offers: ${offered}`,
    };
  }

  /** A verdict that is there at once is performed at once; another when it comes. */
  #decide(connection: ConnectionId, ask: () => Verdict | Promise<Verdict>): void {
    try {
      const verdict = ask();
      if (!(verdict instanceof Promise)) this.#conclude(connection, verdict);
      else
        verdict.then(
          (late) => this.#conclude(connection, late),
          (error) => this.#failed(connection, error),
        );
    } catch (error) {
      this.#failed(connection, error);
    }
  }

  #conclude(connection: ConnectionId, verdict: Verdict): void {
    const peer = this.#peers.get(connection);
    if (!peer) return; // it left while its verdict was on the way
    delete peer.answer;
    switch (verdict.verdict) {
      case 'welcome':
        this.#perform(connection, () => this.#router.welcome(connection, verdict.principal, verdict.authextra));
        return;
      case 'challenge':
        peer.answer = verdict.answer;
        this.#perform(connection, () => this.#router.challenge(connection, verdict.method, verdict.extra));
        return;
      case 'denied':
        this.#perform(connection, () => this.#router.deny(connection, verdict.reason, verdict.message));
        return;
      default:
        unreachable(verdict);
    }
  }

  #failed(connection: ConnectionId, error: unknown): void {
    this.#report(error);
    const sorry = 'the authentication itself failed';
    this.#perform(connection, () => this.#router.deny(connection, errors.authenticationFailed, sorry));
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
