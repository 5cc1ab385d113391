import {
  errors,
  randomId,
  slowed,
  transportPair,
  withValues,
  type Clock,
  type Dict,
  type Latency,
  type Message,
  type ProtocolError,
  type Transport,
} from '../../protocol/index.ts';
import {
  Admission,
  authorize,
  inProcess,
  type Arrival,
  type AuthenticationMethod,
  type TransportFacts,
} from '../authentication/index.ts';
import {
  Router,
  type Admitted,
  type Chance,
  type ConnectionId,
  type Effect,
  type Hello,
  type RealmConfig,
  type Ruling,
} from '../router/index.ts';
import { backgroundClock } from './background-clock.ts';
import { addressOf, Crowd, type CrowdLimits } from './crowd.ts';
import { defaults } from './defaults.ts';
import { Intake, type IntakeLimits } from './intake.ts';
import { OwnSessions } from './own-sessions.ts';
import type { TrustedPrincipal } from './trusted-principal.ts';

/** Makes what a transport sends: the encoded message, and its frame where the transport leaves that to it. */
export interface MessageEncoder {
  encode(message: Message): string | Uint8Array;
}

/** A transport that encodes: one message to many such receivers is encoded once for each serializer among them. */
export interface EncodingTransport extends Transport {
  /** The same object in all transports that send the same bytes. */
  readonly serializer: MessageEncoder;
  /** Sends what `serializer` has encoded. Never throws; after the end it does nothing. */
  sendEncoded(encoded: string | Uint8Array): void;
  /** Whether the peer is ready for so large a message. Absent: for any. What it does not take is not sent. */
  takes?(encoded: string | Uint8Array): boolean;
  /** How long all messages so far were, encoded: by it the hub limits what comes. Absent: their number alone counts. */
  readonly receivedBytes?: number;
}

export interface HubRealm extends RealmConfig {
  /** How peers prove who they are. None: only components linked with a principal can join. */
  readonly authentication: readonly AuthenticationMethod[];
}

export type HubLimits = IntakeLimits & CrowdLimits;

export interface HubConfig {
  readonly realms: readonly HubRealm[];
  /** How the router calls itself in WELCOME. */
  readonly agent?: string;
  readonly joinTimeoutMs?: number;
  /** What may come from outside; where a role has a rate of its own, that counts. See `defaults`. */
  readonly limits?: Partial<HubLimits>;
  /** Holds back what comes from outside and what goes there, as a slow network would: for development. */
  readonly simulate?: Latency | undefined;
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
  /** Of those from outside. */
  readonly visitor: { readonly address: string | null; readonly intake: Intake } | undefined;
  /** What WELCOME told it. */
  authextra?: Dict | undefined;
}

/** The edge of the router: owns the core and the transports, feeds one and performs its effects on the others. */
export class Hub {
  readonly #router: Router;
  readonly #admission: Admission;
  readonly #own: OwnSessions;
  readonly #peers = new Map<ConnectionId, Peer>();
  readonly #crowd: Crowd;
  readonly #limits: HubLimits;
  readonly #simulate: ((transport: Transport) => Transport) | null;
  readonly #now: () => number;
  readonly #clock: Clock;
  /** Timers of the delays that the core waits for. */
  readonly #delays = new Map<number, unknown>();
  readonly #report: (error: unknown) => void;
  #eventsTooLarge = 0;
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
    limits,
    simulate,
  }: HubConfig) {
    this.#limits = { ...defaults, ...limits };
    const slow = { clock, now, random: () => chance.fraction() };
    this.#simulate = simulate ? (transport) => slowed(transport, simulate, slow) : null;
    this.#crowd = new Crowd(this.#limits);
    this.#now = now;
    this.#router = new Router({ realms, surroundings: { chance, now }, ...(agent !== undefined && { agent }) });
    this.#admission = new Admission(new Map(realms.map(({ name, authentication }) => [name, authentication])), {
      welcome: (to, principal, authextra) => this.#welcome(to, principal, authextra),
      challenge: (to, method, extra) => this.#perform(to, () => this.#router.challenge(to, method, extra)),
      deny: (to, reason, message) => this.#perform(to, () => this.#router.deny(to, reason, message)),
      report: (error) => this.#report(error),
    });
    this.#own = new OwnSessions((principal) => this.link(principal), clock, defaults.componentTimeoutMs);
    this.#clock = clock;
    this.#report = report ?? ((error) => console.error(error));
    this.#sweepEvery(joinTimeoutMs);
  }

  /** How many events were not sent to a subscriber, because they were larger than it takes. */
  get eventsTooLarge(): number {
    return this.#eventsTooLarge;
  }

  /** How many peers are connected, joined or not. */
  get connections(): number {
    return this.#peers.size;
  }

  /** Why nobody more can connect from where a peer is, as in `TransportFacts.peer`; null: they can. */
  crowdProblem(peer: string): string | null {
    return this.#crowd.problem(addressOf(peer));
  }

  /**
   * Takes over the router's end of a transport.
   * @param trusted who its session will be, whatever HELLO says.
   */
  accept(accepted: Transport | EncodingTransport, facts: TransportFacts = inProcess, trusted?: TrustedPrincipal): void {
    const isVisitor = facts.type !== 'memory' && !trusted;
    const transport = isVisitor && this.#simulate ? this.#simulate(accepted) : accepted;
    if (this.#stopped) {
      transport.close();
      return;
    }
    const address = addressOf(facts.peer);
    const problem = isVisitor ? this.#crowd.problem(address) : null;
    if (problem !== null) return turnAway(transport, problem);
    if (isVisitor) this.#crowd.enter(address);
    const visitor = isVisitor ? { address, intake: new Intake(this.#limits, this.#now()) } : undefined;
    const connection = this.#router.connect();
    const peer = { transport, facts, trusted, visitor };
    this.#peers.set(connection, peer);
    transport.onMessage((input) => this.#receive(connection, peer, input));
    transport.onClose(() => {
      this.#peers.delete(connection);
      if (visitor) this.#crowd.leave(address);
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

  #receive(connection: ConnectionId, { transport, visitor }: Peer, input: Message | ProtocolError): void {
    const received = 'receivedBytes' in transport ? transport.receivedBytes : 0;
    const problem = visitor?.intake.take(received ?? 0, this.#now()) ?? null;
    if (problem === null) this.#perform(connection, () => this.#router.receive(connection, input));
    else this.#perform(connection, () => this.#router.abort(connection, errors.limitReached, problem));
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
      case 'authorize':
        this.#authorize(effect);
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
    let encodings: Encodings | undefined;
    let last: MessageEncoder | undefined;
    let encoded: string | Uint8Array = '';
    for (const connection of to) {
      const transport = this.#peers.get(connection)?.transport;
      if (!transport) continue;
      if (!('serializer' in transport)) transport.send(withValues(message));
      else {
        if (transport.serializer !== last) {
          if (last) (encodings ??= new Map()).set(last, encoded);
          last = transport.serializer;
          encoded = encodings?.get(last) ?? last.encode(message);
        }
        if (transport.takes?.(encoded) === false) this.#tooLarge(connection, message);
        else transport.sendEncoded(encoded);
      }
    }
  }

  #tooLarge(connection: ConnectionId, message: Message): void {
    if (message.type === 'event') this.#eventsTooLarge++;
    this.#perform(connection, () => this.#router.tooLarge(connection, message));
  }

  #admit(connection: ConnectionId, hello: Hello): void {
    const peer = this.#peers.get(connection);
    if (!peer) return;
    const { trusted, visitor } = peer;
    const problem = visitor && this.#crowd.joinProblem(visitor.address, this.#now());
    if (problem) return this.#perform(connection, () => this.#router.deny(connection, errors.limitReached, problem));
    const principal = trusted && { ...trusted, authmethod: 'trusted', authprovider: 'static' };
    if (principal) this.#perform(connection, () => this.#router.welcome(connection, principal));
    else this.#admission.begin(connection, hello, this.#arrival(peer));
  }

  #welcome(connection: ConnectionId, principal: Admitted, authextra?: Dict): void {
    const peer = this.#peers.get(connection);
    if (peer) peer.authextra = authextra;
    this.#perform(connection, () => this.#router.welcome(connection, principal, authextra));
    const limits = this.#router.limits(connection);
    if (limits) peer?.visitor?.intake.join(limits, this.#now());
  }

  #authorize(effect: Effect & { do: 'authorize' }): void {
    const { connection, key } = effect;
    const peer = this.#peers.get(connection);
    if (!peer) return;
    const rule = (ruling: Ruling | null) => this.#perform(connection, () => this.#router.rule(connection, key, ruling));
    authorize(effect, this.#arrival(peer), peer.authextra).then(rule, (error) => {
      this.#report(error);
      rule(null);
    });
  }

  #arrival({ facts }: Peer): Arrival {
    return { facts, call: (...what) => this.#own.call(...what) };
  }
}

type Encodings = Map<MessageEncoder, string | Uint8Array>;

function turnAway(transport: Transport, message: string): void {
  transport.onClose(() => {}); // it is none of ours
  transport.send({ type: 'abort', details: { message }, reason: errors.limitReached });
  transport.close();
}

const hostChance: Chance = { id: randomId, fraction: Math.random };

function unreachable(value: never): never {
  throw new Error(`not a case: ${JSON.stringify(value)}`);
}
