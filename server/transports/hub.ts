import {
  closeReasons,
  errors,
  randomId,
  slowed,
  transportPair,
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
import { Backlogs } from './backlogs.ts';
import { addressOf, Crowd, type CrowdLimits } from './crowd.ts';
import { defaults } from './defaults.ts';
import { Delays } from './delays.ts';
import { Delivery } from './delivery.ts';
import type { EncodingTransport } from './encoding-transport.ts';
import type { Entrance, Reception } from './entrance.ts';
import { Intake, type IntakeLimits } from './intake.ts';
import { OwnSessions } from './own-sessions.ts';
import { dismiss, turnAway, type Peer } from './peer.ts';
import type { TrustedPrincipal } from './trusted-principal.ts';
import { timeOfTurn } from './turn.ts';

export interface HubRealm extends RealmConfig {
  /** How peers prove who they are. None: only components linked with a principal can join. */
  readonly authentication: readonly AuthenticationMethod[];
}

export type HubLimits = IntakeLimits &
  CrowdLimits & {
    readonly [K in 'joinTimeoutMs' | 'componentTimeoutMs' | 'drainMs' | 'maxTotalBufferedBytes']: number;
  };

/** What can change while it runs. */
export interface HubSettings {
  readonly realms: readonly HubRealm[];
  /** What may come from outside, where a role has no rate of its own, and for how long what is awaited. See `defaults`. */
  readonly limits?: Partial<HubLimits>;
}

export interface HubConfig extends HubSettings {
  /** How the router calls itself in WELCOME. */
  readonly agent?: string;
  /** Holds back what comes from outside and what goes there, as a slow network would: for development. */
  readonly simulate?: Latency | undefined;
  readonly chance?: Chance;
  /** The time of day, in milliseconds since 1970. */
  readonly now?: () => number;
  readonly clock?: Clock;
  /** Told of our own bugs; the connection they hit is closed. Default: the console. */
  readonly report?: (error: unknown) => void;
}

/** The edge of the router: owns the core and the transports, feeds one and performs its effects on the others. */
export class Hub implements Reception {
  readonly #router: Router;
  readonly #admission: Admission;
  readonly #own: OwnSessions;
  readonly #peers = new Map<ConnectionId, Peer>();
  readonly #crowd: Crowd;
  readonly #backlogs: Backlogs;
  #limits: HubLimits;
  readonly #simulate: ((transport: Transport) => Transport) | null;
  readonly #now: () => number;
  readonly #clock: Clock;
  readonly #delays: Delays;
  readonly #report: (error: unknown) => void;
  readonly #delivery = new Delivery(this.#peers, (connection, message) =>
    this.#perform(connection, () => this.#router.tooLarge(connection, message)),
  );
  #slowReaders = 0;
  #sweepTimer: unknown;
  /** Resolves when the hub has stopped; undefined while it runs. */
  #stopped: Promise<void> | undefined;

  constructor({
    realms,
    agent,
    chance = hostChance,
    now = timeOfTurn,
    clock = backgroundClock,
    report,
    limits,
    simulate,
  }: HubConfig) {
    this.#limits = { ...defaults, ...limits };
    const slow = { clock, now, random: () => chance.fraction() };
    this.#simulate = simulate ? (transport) => slowed(transport, simulate, slow) : null;
    this.#crowd = new Crowd(this.#limits);
    this.#backlogs = new Backlogs(this.#limits.maxTotalBufferedBytes);
    this.#now = now;
    this.#router = new Router({ realms, surroundings: { chance, now }, ...(agent !== undefined && { agent }) });
    this.#admission = new Admission(methodsOf(realms), {
      welcome: (to, principal, authextra) => this.#welcome(to, principal, authextra),
      challenge: (to, method, extra) => this.#perform(to, () => this.#router.challenge(to, method, extra)),
      deny: (to, reason, message) => this.#perform(to, () => this.#router.deny(to, reason, message)),
      report: (error) => this.#report(error),
    });
    this.#own = new OwnSessions((principal) => this.link(principal), clock);
    this.#clock = clock;
    this.#delays = new Delays(clock, (key) => this.#wake(key));
    this.#report = report ?? ((error) => console.error(error));
    this.#sweepAgain();
  }

  /** From now on these hold. Who may stay goes on; the others get GOODBYE, which says why. */
  reconfigure({ realms, limits }: HubSettings): void {
    this.#limits = { ...defaults, ...limits };
    this.#crowd.reconfigure(this.#limits);
    this.#backlogs.reconfigure(this.#limits.maxTotalBufferedBytes);
    this.#admission.reconfigure(methodsOf(realms));
    this.#performAll(
      this.#router.reconfigure(realms, (connection, principal) => {
        const peer = this.#peers.get(connection);
        return !peer || peer.trusted ? null : this.#admission.objection(peer.realm, principal, peer.facts);
      }),
    );
    for (const [connection, { visitor }] of this.#peers)
      visitor?.intake.change(this.#limits, this.#router.limits(connection), this.#now());
  }

  /** How many events were not sent to a subscriber, because they were larger than it takes. */
  get eventsTooLarge(): number {
    return this.#delivery.eventsTooLarge;
  }

  /** How many droppable events were not sent to a subscriber, because it reads slowly. */
  get eventsDropped(): number {
    return this.#delivery.eventsDropped;
  }

  /** How many peers were given up, because too much waited for them. */
  get slowReaders(): number {
    return this.#slowReaders;
  }

  /** Memory that is kept for those who read slowly, in bytes. */
  get bufferedBytes(): number {
    return this.#backlogs.bytes;
  }

  /** How many peers are connected, joined or not. */
  get connections(): number {
    return this.#peers.size;
  }

  crowdProblem(peer: string): string | null {
    return this.#crowd.problem(addressOf(peer));
  }

  /**
   * Takes over the router's end of a transport.
   * @param trusted who its session will be, whatever HELLO says.
   */
  accept(
    accepted: Transport | EncodingTransport,
    facts: TransportFacts = inProcess,
    trusted?: TrustedPrincipal,
    entrance?: Entrance,
  ): void {
    const isVisitor = facts.type !== 'memory' && !trusted;
    const transport = isVisitor && this.#simulate ? this.#simulate(accepted) : accepted;
    if (this.#stopped) {
      transport.close();
      return;
    }
    const address = addressOf(facts.peer);
    const problem = isVisitor ? this.#crowd.problem(address) : null;
    if (problem !== null) return turnAway(transport, errors.limitReached, problem);
    if (isVisitor) this.#crowd.enter(address);
    const visitor = isVisitor ? { address, intake: new Intake(this.#limits, this.#now()) } : undefined;
    const connection = this.#router.connect();
    let leave = () => {};
    const gone = new Promise<void>((resolve) => (leave = resolve));
    const peer = { transport, facts, trusted, visitor, entrance, realm: '', gone };
    this.#peers.set(connection, peer);
    const backlog = 'backlog' in accepted ? accepted.backlog : undefined;
    backlog?.join(this.#backlogs, (why) => this.#giveUp(connection, transport, why));
    if ('onRoundTrip' in accepted) accepted.onRoundTrip?.((ms) => this.#router.measured(connection, ms));
    transport.onMessage((input) => this.#receive(connection, peer, input));
    transport.onClose(() => {
      this.#peers.delete(connection);
      if (visitor) this.#crowd.leave(address);
      this.#admission.forget(connection);
      this.#perform(connection, () => this.#router.disconnect(connection));
      leave();
    });
  }

  /** The other end of an in-memory transport: for a component in this process, or a test. */
  link(trusted?: TrustedPrincipal): Transport {
    const [ours, theirs] = transportPair();
    this.accept(ours, inProcess, trusted);
    return theirs;
  }

  /** For one listener, which may end before the hub does. */
  entrance(): Entrance {
    let isOpen = true;
    const entrance: Entrance = {
      accept: (transport, facts) => {
        if (isOpen) this.accept(transport, facts, undefined, entrance);
        else turnAway(transport, closeReasons.systemShutdown, notHere);
      },
      crowdProblem: (peer) => this.crowdProblem(peer),
      close: async () => {
        isOpen = false;
        const peers = [...this.#peers].filter(([, peer]) => peer.entrance === entrance);
        this.#performAll(
          this.#router.sendAway(
            peers.map(([connection]) => connection),
            notHere,
          ),
        );
        await this.#seeOff(peers.map(([, peer]) => peer));
      },
    };
    return entrance;
  }

  /** GOODBYE to everybody; resolves when all have gone, or have been closed after `drainMs`. */
  stop(drainMs: number = this.#limits.drainMs): Promise<void> {
    this.#stopped ??= this.#stop(drainMs);
    return this.#stopped;
  }

  async #stop(drainMs: number): Promise<void> {
    this.#clock.clearTimeout(this.#sweepTimer);
    this.#performAll(this.#router.stop());
    this.#delays.cancelAll();
    await this.#seeOff([...this.#peers.values()], drainMs);
  }

  /** Who has GOODBYE may answer it. */
  async #seeOff(peers: readonly Peer[], drainMs: number = this.#limits.drainMs): Promise<void> {
    if (peers.length === 0) return;
    let deadline: unknown;
    const late = new Promise<void>((resolve) => (deadline = this.#clock.setTimeout(resolve, drainMs)));
    const allGone = Promise.all(peers.map(({ gone }) => gone)).then(() => true);
    if (!(await Promise.race([allGone, late]))) for (const { transport } of peers) transport.close();
    this.#clock.clearTimeout(deadline);
  }

  #receive(connection: ConnectionId, { transport, visitor }: Peer, input: Message | ProtocolError): void {
    try {
      const received = 'receivedBytes' in transport ? transport.receivedBytes : 0;
      const problem = visitor?.intake.take(received ?? 0, this.#now()) ?? null;
      this.#performAll(
        problem === null
          ? this.#router.receive(connection, input)
          : this.#router.abort(connection, errors.limitReached, problem),
      );
    } catch (error) {
      this.#failed(connection, error);
    }
  }

  /** The peer reads too slowly. Its session ends when what is being sent has gone to everybody. */
  #giveUp(connection: ConnectionId, transport: Transport, problem: string): void {
    this.#slowReaders++;
    dismiss(transport, errors.limitReached, problem);
    queueMicrotask(() => this.#perform(connection, () => this.#router.disconnect(connection)));
  }

  #sweepAgain(): void {
    this.#sweepTimer = this.#clock.setTimeout(() => {
      this.#performAll(this.#router.sweep());
      this.#sweepAgain();
    }, this.#limits.joinTimeoutMs);
  }

  #wake(key: number): void {
    try {
      this.#performAll(this.#router.wake(key));
    } catch (error) {
      this.#report(error);
    }
  }

  #perform(connection: ConnectionId, step: () => readonly Effect[]): void {
    try {
      this.#performAll(step());
    } catch (error) {
      this.#failed(connection, error);
    }
  }

  /** A step of the core that fails is our bug: it is reported, costs the connection it was for, and no other. */
  #failed(connection: ConnectionId, error: unknown): void {
    this.#report(error);
    this.#peers.get(connection)?.transport.close();
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
        this.#delivery.send(effect);
        return;
      case 'close':
        this.#peers.get(effect.connection)?.transport.close();
        return;
      case 'wake':
        this.#delays.set(effect.key, effect.ms);
        return;
      case 'let sleep':
        this.#delays.cancel(effect.key);
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

  #admit(connection: ConnectionId, hello: Hello): void {
    const peer = this.#peers.get(connection);
    if (!peer) return;
    const { trusted, visitor } = peer;
    peer.realm = hello.realm;
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
    peer?.visitor?.intake.change(this.#limits, this.#router.limits(connection), this.#now());
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
    return { facts, call: (...what) => this.#own.call(...what, this.#limits.componentTimeoutMs) };
  }
}

const methodsOf = (realms: readonly HubRealm[]) =>
  new Map(realms.map(({ name, authentication }) => [name, authentication]));

const notHere = 'the router is not reached here any more';

const hostChance: Chance = { id: randomId, fraction: Math.random };

function unreachable(value: never): never {
  throw new Error(`not a case: ${JSON.stringify(value)}`);
}
