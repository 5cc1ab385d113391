import { closeReasons, isReserved, type Dict, type Message, type Uri } from '../../protocol/index.ts';
import { questionOf, type Question, type Ruling } from './asked-permissions.ts';
import { Broker } from './broker.ts';
import { Dealer } from './dealer.ts';
import { refuse, send, type ConnectionId, type Effect } from './effects.ts';
import { featuresOf } from './features.ts';
import { answerMeta, type MetaProcedures } from './meta.ts';
import { metaApi } from './meta-api.ts';
import type { RealmConfig } from './realm-config.ts';
import { revise, type Objection } from './reconfiguration.ts';
import { Reflection } from './reflection.ts';
import type { Announce } from './registrations.ts';
import { isRequest, type RealmMessage } from './requests.ts';
import { isProblem, Rights } from './rights.ts';
import { Roles } from './roles.ts';
import type { Farewell } from './session-meta.ts';
import { describeSession, type Admitted, type Session } from './session.ts';
import type { Alarms, Surroundings } from './surroundings.ts';
import { Testaments } from './testaments.ts';

/** What a realm needs of its router. */
interface Around extends Surroundings {
  readonly alarms: Alarms;
  /** The realm has ended a session and sends it GOODBYE: only the echo is awaited. */
  dismiss(connection: ConnectionId): void;
}

/** One realm: its sessions, what they may do, and the broker and dealer between them. WAMP "Realms". */
export class Realm {
  config: RealmConfig;
  readonly #sessions = new Map<number, Session>();
  #rights: Rights;
  #roles: Roles;
  readonly #broker: Broker;
  readonly #dealer: Dealer;
  readonly #testaments: Testaments;
  readonly #reflection: Reflection;
  readonly #procedures: MetaProcedures;
  readonly #dismiss: (connection: ConnectionId) => void;

  constructor(config: RealmConfig, around: Around) {
    this.config = config;
    this.#rights = new Rights(config.uris);
    this.#roles = new Roles(config.roles);
    this.#broker = new Broker(around, config);
    const announce: Announce = (topic, args) => this.#broker.announce(topic, args);
    this.#dealer = new Dealer({ ...around, announce }, config);
    this.#dismiss = around.dismiss;
    this.#testaments = new Testaments({
      permit: (session, message, has) => this.#rights.toBequeath(session, message, has),
    });
    this.#reflection = new Reflection({
      announce,
      permit: (session, kind, uri, has) => this.#rights.toDefine(session, kind, uri, has),
    });
    this.#procedures = metaApi({
      sessions: this.#sessions,
      broker: this.#broker,
      dealer: this.#dealer,
      kill: (session, farewell) => this.end(session, farewell),
      killQuietly: (sessions, farewell) => this.#killQuietly(sessions, farewell),
      more: [this.#testaments.procedures, this.#reflection.procedures],
    });
  }

  has(session: number): boolean {
    return this.#sessions.has(session);
  }

  /** @param roles as HELLO announced them. null: the realm has no such role. */
  join(connection: ConnectionId, id: number, admitted: Admitted, roles: Dict): Session | null {
    const { realm: _, permissions: own, ...principal } = admitted;
    const grants = this.#roles.grants({ ...principal, own });
    if (!grants) return null;
    const session = { ...principal, own, id, connection, ...featuresOf(roles), ...grants };
    this.#sessions.set(id, session);
    return session;
  }

  /** To be performed after WELCOME. WAMP "Session Meta Events". */
  announceJoin(session: Session): Effect[] {
    if (session.hidden) return [];
    return this.#broker.announce('wamp.session.on_join', [describeSession(session)]);
  }

  /**
   * Ends what the session had, in this order: its calls, registrations, subscriptions, what it wanted to be published
   * at its end, and itself. Others are told.
   */
  leave(session: Session): Effect[] {
    const testaments = this.#testaments.take(session);
    const effects = this.leaveQuietly(session);
    for (const { message, terms } of testaments) effects.push(...this.#broker.publish(session, message, terms));
    const { id, authid, authrole, hidden } = session;
    if (!hidden) effects.push(...this.#broker.announce('wamp.session.on_leave', [id, authid, authrole]));
    return effects;
  }

  /** As `leave`, but without testaments, and nobody is told that the session has ended. */
  leaveQuietly(session: Session): Effect[] {
    this.#sessions.delete(session.id);
    this.#testaments.take(session);
    const tellOfSubscriptions = this.#broker.leave(session); // first, so that it hears nothing of its own end
    return [...this.#dealer.leave(session), ...tellOfSubscriptions(), ...this.#reflection.leave(session)];
  }

  /** Ends a session, which hears why; so do others, that it has ended. */
  end(session: Session, farewell: Farewell): Effect[] {
    this.#dismiss(session.connection);
    return [...this.leave(session), goodbye([session], farewell)];
  }

  #killQuietly(sessions: readonly Session[], farewell: Farewell): Effect[] {
    for (const { connection } of sessions) this.#dismiss(connection);
    return [...sessions.flatMap((session) => this.leaveQuietly(session)), goodbye(sessions, farewell)];
  }

  /** From now on it is as this says: for what comes, and for what its sessions have. */
  reconfigure(config: RealmConfig, objection: Objection): Effect[] {
    const before = this.#roles;
    this.config = config;
    this.#rights = new Rights(config.uris);
    this.#roles = new Roles(config.roles);
    this.#broker.reconfigure(config);
    this.#dealer.reconfigure(config);
    return revise(before, this.#roles, {
      sessions: this.#sessions.values(),
      broker: this.#broker,
      dealer: this.#dealer,
      testaments: this.#testaments,
      reflection: this.#reflection,
      objection,
      end: (session, farewell) => this.end(session, farewell),
    });
  }

  /** It is no more, and whoever is in it hears so. */
  close(): Effect[] {
    const message = `there is no realm "${this.config.name}" any more`;
    const farewell = { reason: closeReasons.closeRealm, message };
    return [...this.stop(message), ...this.#killQuietly([...this.#sessions.values()], farewell)];
  }

  /** Nothing is answered any more: whoever waits for an answer gets one. */
  stop(why: string): Effect[] {
    return this.#dealer.stop(why);
  }

  /** Whether a CALL with this id is more of one that was made before. WAMP "Progressive Call Invocations". */
  continues(session: Session, request: number): boolean {
    return this.#dealer.continues(session, request);
  }

  /** What the session's authorizer must rule before `receive` can decide; null: nothing. */
  question(session: Session, message: RealmMessage): Question | null {
    const question = questionOf(message);
    if (!question || !session.asked?.isOpen(question)) return null;
    if (message.type === 'call' && this.#dealer.continues(session, message.request)) return null;
    return this.#rights.uriProblem(question.action, question.uri, question.match) ? null : question;
  }

  /** As `receive`, with what the authorizer has said. */
  receiveRuled(session: Session, message: RealmMessage, question: Question, ruling: Ruling): Effect[] {
    session.asked?.learn(question, ruling);
    try {
      return this.receive(session, message);
    } finally {
      session.asked?.forget();
    }
  }

  /** ERROR in place of what was asked for; to more of a call that has been answered, nothing. */
  refuse(session: Session, message: RealmMessage, error: Uri, text: string): Effect[] {
    if (!isRequest(message)) return [];
    if (message.type === 'publish' && !message.options.acknowledge) return [];
    if (message.type !== 'call') return [refuse(session.connection, message.type, message.request, error, text)];
    return this.continues(session, message.request) ? [] : this.#dealer.refuse(session, message, error, text);
  }

  /** @throws ProtocolError when the message breaks the protocol; nothing has changed then. */
  receive(session: Session, message: RealmMessage): Effect[] {
    switch (message.type) {
      case 'publish':
        return this.#publish(session, message);
      case 'subscribe':
        return this.#subscribe(session, message);
      case 'unsubscribe':
        return this.#broker.unsubscribe(session, message);
      case 'register':
        return this.#register(session, message);
      case 'unregister':
        return this.#dealer.unregister(session, message);
      case 'call':
        return this.#call(session, message);
      case 'cancel':
        return this.#dealer.cancel(session, message);
      case 'yield':
        return this.#dealer.yield(session, message);
      case 'error':
        return this.#dealer.error(session, message);
    }
  }

  /** What the peer would not take has not been sent. null: without it the session cannot go on. */
  tooLarge(session: Session, message: Message): Effect[] | null {
    const text = `the ${message.type} is larger than its receiver takes`;
    switch (message.type) {
      case 'event':
        return [];
      case 'result':
        return this.#dealer.resultTooLarge(session, message.request, text);
      case 'invocation':
        return this.#dealer.invocationTooLarge(session, message.request, text);
      case 'error': {
        const { type, requestType, request, error, details } = message;
        if (details['message'] === text) return null; // it was the smallest that can be said
        return [send(session.connection, { type, requestType, request, details: { message: text }, error })];
      }
      default:
        return null;
    }
  }

  #publish(session: Session, message: Message<'publish'>): Effect[] {
    const terms = this.#rights.toPublish(session, message);
    if (!isProblem(terms)) return this.#broker.publish(session, message, terms);
    return message.options.acknowledge ? [refuse(session.connection, 'publish', message.request, ...terms)] : [];
  }

  #subscribe(session: Session, message: Message<'subscribe'>): Effect[] {
    const { topic, options } = message;
    const others = this.#broker.subscriptions.countOthers(session, topic, options.match ?? 'exact');
    const problem = this.#rights.toSubscribe(session, message, others);
    if (problem) return [refuse(session.connection, 'subscribe', message.request, ...problem)];
    return this.#broker.subscribe(session, message);
  }

  #register(session: Session, message: Message<'register'>): Effect[] {
    const problem = this.#rights.toRegister(session, message, this.#dealer.registrations.count(session));
    if (problem) return [refuse(session.connection, 'register', message.request, ...problem)];
    return this.#dealer.register(session, message);
  }

  #call(session: Session, message: Message<'call'>): Effect[] {
    if (this.#dealer.continues(session, message.request)) return this.#dealer.continue(session, message);
    const terms = this.#rights.toCall(session, message, this.#dealer.count(session));
    if (isProblem(terms)) return this.#dealer.refuse(session, message, ...terms);
    return isReserved(message.procedure)
      ? answerMeta(this.#procedures, session, message)
      : this.#dealer.call(session, message, terms);
  }
}

function goodbye(sessions: readonly Session[], { reason, message }: Farewell): Effect {
  const details = message === undefined ? {} : { message };
  return {
    do: 'send',
    to: sessions.map(({ connection }) => connection),
    message: { type: 'goodbye', details, reason },
  };
}
