import { closeReasons, errors, isUri, ProtocolError, type Dict, type Message, type Uri } from '../../protocol/index.ts';
import type { Ruling } from './asked-permissions.ts';
import type { SessionLimits } from './authorization.ts';
import { send, type ConnectionId, type Effect } from './effects.ts';
import { rolesProblem, routerRoles } from './features.ts';
import { isEnd, type Asking, type Input, type Joined, type Phase } from './phase.ts';
import { Realm } from './realm.ts';
import type { RealmConfig } from './realm-config.ts';
import type { Objection } from './reconfiguration.ts';
import { checkRequest, isForRealm, type RealmMessage } from './requests.ts';
import type { Admitted, Session } from './session.ts';
import { Alarms, type Surroundings } from './surroundings.ts';

/** Messages that may wait while the edge decides who a connection is. */
const maxWaiting = 64;
/** Messages that may wait while an authorizer decides whether the one before them is allowed. */
const maxUnruled = 256;

export interface RouterConfig {
  readonly realms: readonly RealmConfig[];
  readonly surroundings: Surroundings;
  /** How the router calls itself in WELCOME. */
  readonly agent?: string;
}

/**
 * The routing core: connections and messages in, effects out. It sends nothing, waits for nothing and reads no clock.
 * A violation ends the session that committed it, and touches no other.
 */
export class Router {
  readonly #realms = new Map<Uri, Realm>();
  readonly #phases = new Map<ConnectionId, Phase>();
  readonly #config: RouterConfig;
  readonly #alarms = new Alarms();
  /** Connections that were not joined when `sweep` last looked. */
  #late = new Set<ConnectionId>();
  #lastConnection: ConnectionId = 0;
  #lastQuestion = 0;

  constructor(config: RouterConfig) {
    this.#config = config;
    for (const realm of config.realms) this.#open(realm);
  }

  #open(config: RealmConfig): void {
    const around = {
      ...this.#config.surroundings,
      alarms: this.#alarms,
      dismiss: (connection: ConnectionId) => void this.#phases.set(connection, { phase: 'closing' }),
    };
    this.#realms.set(config.name, new Realm(config, around));
  }

  /** From now on there are these realms, and no others. What is as it was, and who may stay, goes on. */
  reconfigure(realms: readonly RealmConfig[], objection: Objection): Effect[] {
    const wanted = new Map(realms.map((config) => [config.name, config]));
    const effects: Effect[] = [];
    for (const [name, realm] of this.#realms) {
      const config = wanted.get(name);
      effects.push(...(config ? realm.reconfigure(config, objection) : this.#closeRealm(realm)));
      wanted.delete(name);
    }
    for (const config of wanted.values()) this.#open(config);
    return effects;
  }

  #closeRealm(realm: Realm): Effect[] {
    this.#realms.delete(realm.config.name);
    const joining = [...this.#phases].filter(([, phase]) => 'joining' in phase && phase.joining.realm === realm);
    return [...realm.close(), ...joining.flatMap(([connection]) => this.#noSuchRealm(connection, realm.config.name))];
  }

  /** The edge no longer serves these: GOODBYE to their sessions. */
  sendAway(connections: Iterable<ConnectionId>, message: string): Effect[] {
    const reason = closeReasons.systemShutdown;
    return [...connections].flatMap((connection) => {
      const phase = this.#phases.get(connection);
      if (phase?.phase === 'joined') return phase.realm.end(phase.session, { reason, message });
      return phase && phase.phase !== 'closing' ? this.#abort(connection, reason, message) : [];
    });
  }

  connect(): ConnectionId {
    const connection = ++this.#lastConnection;
    this.#phases.set(connection, { phase: 'connected' });
    return connection;
  }

  /** A message has come, or one that cannot be read. */
  receive(connection: ConnectionId, input: Input): Effect[] {
    const phase = this.#phases.get(connection);
    if (!phase) return []; // it has ended while this was on its way
    try {
      return this.#handle(connection, phase, input);
    } catch (error) {
      return this.#violated(connection, error);
    }
  }

  /** A violation ends the connection that committed it. @throws whatever else it was */
  #violated(connection: ConnectionId, error: unknown): Effect[] {
    if (error instanceof ProtocolError) return this.#abort(connection, errors.protocolViolation, error.message);
    throw error;
  }

  /** The transport has gone, as if the session had ended. */
  disconnect(connection: ConnectionId): Effect[] {
    const phase = this.#phases.get(connection);
    this.#phases.delete(connection);
    this.#late.delete(connection);
    return phase?.phase === 'joined' ? phase.realm.leave(phase.session) : [];
  }

  /** The edge knows who it is: the session begins, and what it sent meanwhile is handled. */
  welcome(connection: ConnectionId, principal: Admitted, authextra?: Dict): Effect[] {
    const phase = this.#phases.get(connection);
    if (phase?.phase !== 'deciding') return [];
    const { realm: asked, session: reserved, roles: announced } = phase.joining;
    const realm = principal.realm === undefined ? asked : this.#realms.get(principal.realm);
    if (!realm) return this.#noSuchRealm(connection, principal.realm);
    const id = realm.has(reserved) ? this.#newSessionId(realm) : reserved; // in another realm it may be taken
    const session = realm.join(connection, id, principal, announced);
    if (!session)
      return this.#abort(
        connection,
        errors.noSuchRole,
        `realm "${realm.config.name}" has no role "${principal.authrole}"`,
      );
    this.#phases.set(connection, { phase: 'joined', realm, session, lastRequest: 0 });
    const effects = [send(connection, this.#welcomeMessage(realm, session, authextra)), ...realm.announceJoin(session)];
    for (const input of phase.waiting) effects.push(...this.receive(connection, input));
    return effects;
  }

  /** The edge wants proof. */
  challenge(connection: ConnectionId, method: string, extra: Dict): Effect[] {
    const phase = this.#phases.get(connection);
    if (phase?.phase !== 'deciding') return [];
    this.#phases.set(connection, { phase: 'challenged', joining: phase.joining });
    const effects = [send(connection, { type: 'challenge', method, extra })];
    for (const input of phase.waiting) effects.push(...this.receive(connection, input));
    return effects;
  }

  /** The edge does not let it in. */
  deny(connection: ConnectionId, reason: Uri, message: string): Effect[] {
    return this.#phases.get(connection)?.phase === 'deciding' ? this.#abort(connection, reason, message) : [];
  }

  /** The edge ends it: it has done more than it may. */
  abort(connection: ConnectionId, reason: Uri, message: string): Effect[] {
    return this.#phases.has(connection) ? this.#abort(connection, reason, message) : [];
  }

  /** The edge has not sent this, because it is larger than the peer takes. */
  tooLarge(connection: ConnectionId, message: Message): Effect[] {
    const phase = this.#phases.get(connection);
    const effects = phase?.phase === 'joined' ? phase.realm.tooLarge(phase.session, message) : null;
    return effects ?? this.#close(connection);
  }

  /** The edge has measured how long a message takes to its peer and back, ms. */
  measured(connection: ConnectionId, roundTripMs: number): void {
    const phase = this.#phases.get(connection);
    if (phase?.phase === 'joined') phase.session.roundTripMs = Math.round(roundTripMs);
  }

  /** What its session may do; undefined: it has none. */
  limits(connection: ConnectionId): SessionLimits | undefined {
    const phase = this.#phases.get(connection);
    return phase?.phase === 'joined' ? phase.session.limits : undefined;
  }

  /**
   * The authorizer has answered.
   * @param ruling null: it has failed.
   */
  rule(connection: ConnectionId, key: number, ruling: Ruling | null): Effect[] {
    const phase = this.#phases.get(connection);
    if (phase?.phase !== 'joined' || phase.asking?.key !== key) return []; // the session that asked has ended
    const { message, question, waiting, asked } = phase.asking;
    phase.asking = undefined;
    const { realm, session } = phase;
    const decide = () => {
      if (session.asked !== asked) return this.#decide(connection, phase, message); // its role has changed meanwhile
      return ruling
        ? realm.receiveRuled(session, message, question, ruling)
        : realm.refuse(session, message, errors.authorizationFailed, 'whether this is allowed could not be found out');
    };
    const effects: Effect[] = [];
    try {
      effects.push(...decide());
    } catch (error) {
      effects.push(...this.#violated(connection, error));
    }
    for (const input of waiting) effects.push(...this.receive(connection, input));
    return effects;
  }

  /**
   * To be called at a steady pace: a connection that was without a session at two calls in a row is ended, so that
   * nobody holds a socket by not saying HELLO, not answering CHALLENGE or not echoing GOODBYE.
   */
  sweep(): Effect[] {
    const idle = [...this.#phases].filter(([, { phase }]) => phase !== 'joined').map(([connection]) => connection);
    const overdue = idle.filter((connection) => this.#late.has(connection));
    this.#late = new Set(idle);
    return overdue.flatMap((connection) => this.#abort(connection, errors.timeout, 'no session was opened in time'));
  }

  /** The time of a `wake` has come. */
  wake(key: number): Effect[] {
    return this.#alarms.ring(key);
  }

  /** The router shuts down: GOODBYE to every session; the edge closes what is still open when it has waited long enough. */
  stop(): Effect[] {
    const to: ConnectionId[] = [];
    const effects = [...this.#realms.values()].flatMap((realm) => realm.stop('the router shuts down'));
    for (const [connection, phase] of this.#phases) {
      if (phase.phase === 'joined') {
        effects.push(...refuseUnruled(phase));
        phase.realm.leaveQuietly(phase.session);
        this.#phases.set(connection, { phase: 'closing' });
        to.push(connection);
      } else if (phase.phase !== 'closing') {
        effects.push(...this.#abort(connection, closeReasons.systemShutdown, 'the router shuts down'));
      }
    }
    if (to.length > 0)
      effects.push({ do: 'send', to, message: { type: 'goodbye', details: {}, reason: closeReasons.systemShutdown } });
    return effects;
  }

  #handle(connection: ConnectionId, phase: Phase, input: Input): Effect[] {
    if (phase.phase === 'closing') return isEnd(input) ? this.#close(connection) : [];
    if (!(input instanceof ProtocolError) && input.type === 'abort') return this.#close(connection);
    if (phase.phase === 'deciding') return keep(phase.waiting, input);
    if (input instanceof ProtocolError) throw input;
    switch (phase.phase) {
      case 'connected':
        if (input.type !== 'hello') throw new ProtocolError(`${input.type} before hello`);
        return this.#hello(connection, input);
      case 'challenged':
        if (input.type !== 'authenticate') throw new ProtocolError(`${input.type} in place of authenticate`);
        this.#phases.set(connection, { phase: 'deciding', joining: phase.joining, waiting: [] });
        return [{ do: 'verify', connection, signature: input.signature, extra: input.extra }];
      case 'joined':
        if (phase.asking) return this.#wait(connection, phase.asking, input);
        if (input.type === 'goodbye') return this.#goodbye(connection, phase, input.reason);
        if (!isForRealm(input)) throw new ProtocolError(`${input.type} in an established session`);
        checkRequest(phase, input);
        return this.#decide(connection, phase, input);
    }
  }

  #decide(connection: ConnectionId, phase: Joined, message: RealmMessage): Effect[] {
    return this.#ask(connection, phase, message) ?? phase.realm.receive(phase.session, message);
  }

  /** Where the authorizer of the session's role has a say, the message waits for it. WAMP "Dynamic Authorization". */
  #ask(connection: ConnectionId, phase: Joined, message: RealmMessage): Effect[] | null {
    const { realm, session } = phase;
    if (!session.asked) return null;
    const question = realm.question(session, message);
    if (!question) return null;
    const key = ++this.#lastQuestion;
    phase.asking = { key, message, question, waiting: [], asked: session.asked };
    const { id, authid, authrole, authmethod, authprovider } = session;
    const principal = { id, authid, authrole, authmethod, authprovider };
    const { authorizer } = session.asked;
    return [{ do: 'authorize', connection, key, authorizer, realm: realm.config.name, session: principal, question }];
  }

  /** What comes later is handled later: an answer of the authorizer must not change the order of a session's messages. */
  #wait(connection: ConnectionId, { waiting }: Asking, input: Input): Effect[] {
    waiting.push(input);
    if (waiting.length <= maxUnruled) return [];
    return this.#abort(connection, errors.limitReached, `more than ${maxUnruled} messages wait to be authorized`);
  }

  #hello(connection: ConnectionId, hello: Message<'hello'>): Effect[] {
    const problem = rolesProblem(hello);
    if (problem !== null) throw new ProtocolError(problem);
    if (!isUri(hello.realm)) return this.#abort(connection, errors.invalidUri, `"${hello.realm}" is not a realm's URI`);
    const realm = this.#realms.get(hello.realm);
    if (!realm) return this.#noSuchRealm(connection, hello.realm);
    const { authid, authrole, authmethods = [], authextra = {}, roles: announced = {} } = hello.details;
    const session = this.#newSessionId(realm);
    this.#phases.set(connection, { phase: 'deciding', joining: { realm, session, roles: announced }, waiting: [] });
    const claims = { ...(authid !== undefined && { authid }), ...(authrole !== undefined && { authrole }) };
    const asked = { realm: hello.realm, session, authmethods, authextra, ...claims };
    return [{ do: 'authenticate', connection, hello: asked }];
  }

  /** Afterwards the transport may carry another session. */
  #goodbye(connection: ConnectionId, { realm, session }: Joined, reason: Uri): Effect[] {
    if (!isUri(reason)) throw new ProtocolError('goodbye.reason is not a uri');
    this.#phases.set(connection, { phase: 'connected' });
    return [
      ...realm.leave(session),
      send(connection, { type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut }),
    ];
  }

  #noSuchRealm(connection: ConnectionId, name: Uri | undefined): Effect[] {
    return this.#abort(connection, errors.noSuchRealm, `there is no realm "${name}"`);
  }

  #abort(connection: ConnectionId, reason: Uri, message: string): Effect[] {
    const [close, ...others] = this.#close(connection);
    return [send(connection, { type: 'abort', details: { message }, reason }), close!, ...others];
  }

  #close(connection: ConnectionId): Effect[] {
    return [{ do: 'close', connection }, ...this.disconnect(connection)];
  }

  #newSessionId(realm: Realm): number {
    const id = this.#config.surroundings.chance.id();
    return realm.has(id) ? this.#newSessionId(realm) : id;
  }

  #welcomeMessage(
    realm: Realm,
    { id, authid, authrole, authmethod, authprovider }: Session,
    authextra?: Dict,
  ): Message {
    const agent = this.#config.agent ?? 'realmkit';
    const principal = { authid, authrole, authmethod, authprovider };
    const details = {
      realm: realm.config.name,
      agent,
      ...principal,
      roles: routerRoles,
      ...(authextra && { authextra }),
    };
    return { type: 'welcome', session: id, details };
  }
}

/** Of a session that ends with the router: what its authorizer was asked about, and what waits behind that. */
function refuseUnruled({ realm, session, asking }: Joined): Effect[] {
  if (!asking) return [];
  return [asking.message, ...asking.waiting].flatMap((input) =>
    input instanceof ProtocolError || !isForRealm(input)
      ? []
      : realm.refuse(session, input, errors.canceled, 'the router shuts down'),
  );
}

function keep(waiting: Input[], input: Input): Effect[] {
  if (waiting.length >= maxWaiting) throw new ProtocolError(`more than ${maxWaiting} messages before welcome`);
  waiting.push(input);
  return [];
}
