import {
  CallError,
  errors,
  isReserved,
  isUri,
  ProtocolError,
  type Dict,
  type MatchPolicy,
  type Message,
  type Uri,
} from '../../protocol/index.ts';
import { AskedPermissions, questionOf, type Question, type Ruling } from './asked-permissions.ts';
import { Authorization, permissionsOf, type Action, type SessionLimits, type Role } from './authorization.ts';
import { Broker, type BrokerConfig } from './broker.ts';
import { Dealer, type DealerConfig } from './dealer.ts';
import { refuse, send, type ConnectionId, type Effect } from './effects.ts';
import { answerMeta, type MetaProcedures } from './meta.ts';
import { metaApi } from './meta-api.ts';
import { checkPassthru, isPacked } from './passthru.ts';
import type { Terms } from './publication.ts';
import { Reflection } from './reflection.ts';
import type { Announce } from './registrations.ts';
import type { Farewell } from './session-meta.ts';
import {
  calleeFeatures,
  callerFeatures,
  describeSession,
  publisherFeatures,
  subscriberFeatures,
  type Admitted,
  type Session,
} from './session.ts';
import type { Alarms, Surroundings } from './surroundings.ts';
import { Testaments } from './testaments.ts';

export interface RealmConfig extends BrokerConfig, DealerConfig {
  readonly name: Uri;
  readonly roles: readonly Role[];
  /** Which URIs are well formed: 'strict' allows only lower case, digits and `_`. Default 'loose'. */
  readonly uris?: 'loose' | 'strict';
  /** 'strict' (default): request ids must count 1, 2, 3, …; 'loose': any, for old clients that draw them at random. */
  readonly requestIds?: 'loose' | 'strict';
}

/** What a joined session may ask of its realm. */
export type RealmMessage = Message<
  'publish' | 'subscribe' | 'unsubscribe' | 'register' | 'unregister' | 'call' | 'cancel' | 'yield' | 'error'
>;

/** What a realm needs of its router. */
interface Around extends Surroundings {
  readonly alarms: Alarms;
  /** The realm has ended a session and sends it GOODBYE: only the echo is awaited. */
  dismiss(connection: ConnectionId): void;
}

/** Longest URI a session may use, in characters: what one lookup costs grows with it. */
const maxUriLength = 1024;

/** One realm: its sessions, what they may do, and the broker and dealer between them. WAMP "Realms". */
export class Realm {
  readonly config: RealmConfig;
  readonly #sessions = new Map<number, Session>();
  readonly #authorization: Authorization;
  readonly #limits: ReadonlyMap<string, SessionLimits>;
  readonly #authorizers: ReadonlyMap<string, Uri | undefined>;
  readonly #broker: Broker;
  readonly #dealer: Dealer;
  readonly #testaments: Testaments;
  readonly #reflection: Reflection;
  readonly #procedures: MetaProcedures;
  readonly #dismiss: (connection: ConnectionId) => void;

  constructor(config: RealmConfig, around: Around) {
    this.config = config;
    this.#authorization = new Authorization(config.roles);
    this.#limits = new Map(config.roles.map(({ name, limits = {} }) => [name, limits]));
    this.#authorizers = new Map(config.roles.map(({ name, authorizer }) => [name, authorizer]));
    this.#broker = new Broker(around, config);
    const announce: Announce = (topic, args) => this.#broker.announce(topic, args);
    this.#dealer = new Dealer({ ...around, announce }, config);
    this.#dismiss = around.dismiss;
    this.#testaments = new Testaments({
      permit: (session, message, has) => this.#permitTestament(session, message, has),
    });
    this.#reflection = new Reflection({
      announce,
      permit: (session, kind, uri, has) => {
        const action = kind === 'procedure' ? 'register' : 'publish';
        orThrow(this.#problem(session, action, uri) ?? limitProblem(session, 'definitions', has));
      },
    });
    this.#procedures = metaApi({
      sessions: this.#sessions,
      broker: this.#broker,
      dealer: this.#dealer,
      kill: (session, farewell) => this.#kill(session, farewell),
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
    const { authid, authrole } = principal;
    const fixed = own ? permissionsOf(authrole, own) : this.#authorization.permissions(authrole, authid);
    if (!fixed) return null;
    const authorizer = own ? undefined : this.#authorizers.get(authrole);
    const asked = authorizer === undefined ? undefined : new AskedPermissions(fixed, authorizer);
    const limits = this.#limits.get(authrole) ?? {};
    const session = {
      ...principal,
      id,
      connection,
      caller: callerFeatures(roles),
      callee: calleeFeatures(roles),
      publisher: publisherFeatures(roles),
      subscriber: subscriberFeatures(roles),
      permissions: asked ?? fixed,
      asked,
      limits,
    };
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

  #kill(session: Session, farewell: Farewell): Effect[] {
    this.#dismiss(session.connection);
    return [...this.leave(session), goodbye([session], farewell)];
  }

  #killQuietly(sessions: readonly Session[], farewell: Farewell): Effect[] {
    for (const { connection } of sessions) this.#dismiss(connection);
    return [...sessions.flatMap((session) => this.leaveQuietly(session)), goodbye(sessions, farewell)];
  }

  /** The router shuts down: whoever waits for an answer gets one. */
  stop(): Effect[] {
    return this.#dealer.stop();
  }

  /** Whether a CALL with this id is more of one that was made before. WAMP "Progressive Call Invocations". */
  continues(session: Session, request: number): boolean {
    return this.#dealer.continues(session, request);
  }

  /** What the session's authorizer must rule before `receive` can decide; null: nothing. */
  question(session: Session, message: RealmMessage): Question | null {
    const question = session.asked && questionOf(message);
    if (!question || !session.asked.isOpen(question)) return null;
    if (message.type === 'call' && this.#dealer.continues(session, message.request)) return null;
    return this.#uriProblem(question.action, question.uri, question.match) ? null : question;
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

  /** The authorizer has failed, so nobody knows whether this is allowed. */
  refuseUnruled(session: Session, message: RealmMessage, text: string): Effect[] {
    switch (message.type) {
      case 'call':
        return this.#dealer.refuse(session, message, errors.authorizationFailed, text);
      case 'publish':
        if (!message.options.acknowledge) return [];
        break;
      case 'subscribe':
      case 'register':
        break;
      default:
        return [];
    }
    return [refuse(session.connection, message.type, message.request, errors.authorizationFailed, text)];
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
    const { options, request } = message;
    checkPassthru('publish.options', options, session.publisher.passthru);
    const terms = this.#terms(session, message);
    if (!isProblem(terms)) return this.#broker.publish(session, message, terms);
    return options.acknowledge ? [refuse(session.connection, 'publish', request, ...terms)] : [];
  }

  /** On which terms a session may publish this, or why it may not. */
  #terms(session: Session, { topic, options }: Message<'publish'>): Terms | Problem {
    const rule = session.permissions.rule(topic);
    const problem =
      this.#problem(session, 'publish', topic) ??
      discloseProblem(options.disclose_me, rule?.disclose?.publisher) ??
      retainProblem(options.retain, rule?.retain);
    const disclose = rule?.disclose?.publisher ?? options.disclose_me === true;
    return problem ?? { disclose, trustlevel: rule?.trustlevel };
  }

  /** As publishing it now would be. @throws CallError saying why it may not. */
  #permitTestament(session: Session, message: Message<'publish'>, has: number): Terms {
    if (isPacked(message.options) && !session.publisher.passthru)
      throw new CallError(errors.featureNotSupported, ['payload_passthru_mode was not announced']);
    const terms = this.#terms(session, message);
    if (isProblem(terms)) throw callError(terms);
    orThrow(limitProblem(session, 'testaments', has));
    return terms;
  }

  #subscribe(session: Session, message: Message<'subscribe'>): Effect[] {
    const problem =
      this.#problem(session, 'subscribe', message.topic, message.options.match) ??
      limitProblem(session, 'subscriptions', this.#broker.subscriptions.count(session));
    if (problem) return [refuse(session.connection, 'subscribe', message.request, ...problem)];
    return this.#broker.subscribe(session, message);
  }

  #register(session: Session, message: Message<'register'>): Effect[] {
    const problem =
      this.#problem(session, 'register', message.procedure, message.options.match) ??
      limitProblem(session, 'registrations', this.#dealer.registrations.count(session));
    if (problem) return [refuse(session.connection, 'register', message.request, ...problem)];
    return this.#dealer.register(session, message);
  }

  #call(session: Session, message: Message<'call'>): Effect[] {
    const { options, procedure, request } = message;
    if (this.#dealer.continues(session, request)) return this.#dealer.continue(session, message);
    checkPassthru('call.options', options, session.caller.passthru);
    if (options.progress && !session.caller.progressiveInvocations)
      throw new ProtocolError('call.options.progress needs progressive_call_invocations, which was not announced');
    const rule = session.permissions.rule(procedure);
    const problem =
      this.#problem(session, 'call', procedure) ??
      discloseProblem(options.disclose_me, rule?.disclose?.caller) ??
      plainProblem(message) ??
      limitProblem(session, 'calls', this.#dealer.count(session));
    if (problem) return this.#dealer.refuse(session, message, ...problem);
    return isReserved(procedure)
      ? answerMeta(this.#procedures, session, message)
      : this.#dealer.call(session, message, { disclose: rule?.disclose?.caller, trustlevel: rule?.trustlevel });
  }

  /** Why the session may not do this. */
  #problem({ permissions }: Session, action: Action, uri: Uri, match: MatchPolicy = 'exact'): Problem | null {
    const problem = this.#uriProblem(action, uri, match);
    if (problem) return problem;
    const patterned = action === 'subscribe' || action === 'register';
    const allowed = patterned ? permissions.allowsPattern(action, uri, match) : permissions.allows(action, uri);
    if (allowed) return null;
    return [errors.notAuthorized, `role "${permissions.role}" may not ${verbs[action]} "${uri}"${forMatch(match)}`];
  }

  /** Why nobody may do this. */
  #uriProblem(action: Action, uri: Uri, match: MatchPolicy): Problem | null {
    if (uri.length > maxUriLength)
      return [errors.invalidUri, `a URI may have ${maxUriLength} characters, this one has ${uri.length}`];
    if (!isUri(uri, match, this.config.uris))
      return [errors.invalidUri, `"${uri}" is not a well formed URI${forMatch(match)}`];
    if (isReserved(uri) && (action === 'publish' || action === 'register')) {
      return [errors.invalidUri, `"${uri}" is reserved: only the router may ${action} below "wamp."`];
    }
    return null;
  }
}

type Problem = readonly [error: Uri, message: string];

const isProblem = (given: Problem | Terms): given is Problem => Array.isArray(given);
const callError = ([error, message]: Problem) => new CallError(error, [message]);

function orThrow(problem: Problem | null): void {
  if (problem) throw callError(problem);
}

function goodbye(sessions: readonly Session[], { reason, message }: Farewell): Effect {
  const details = message === undefined ? {} : { message };
  return {
    do: 'send',
    to: sessions.map(({ connection }) => connection),
    message: { type: 'goodbye', details, reason },
  };
}

const verbs = { call: 'call', register: 'register', publish: 'publish to', subscribe: 'subscribe to' };
const forMatch = (match: MatchPolicy) => (match === 'exact' ? '' : ` as a ${match}`);

const discloseProblem = (wanted: boolean | undefined, allowed: boolean | undefined): Problem | null =>
  wanted && allowed === false ? [errors.discloseMeDisallowed, 'this role may not disclose who it is here'] : null;

/** The router's own procedures are called in one message, with a payload that it can read. */
const plainProblem = ({ procedure, options }: Message<'call'>): Problem | null =>
  isReserved(procedure) && (options.progress || isPacked(options))
    ? [errors.featureNotSupported, `${procedure} takes one CALL with a plain payload`]
    : null;

const retainProblem = (wanted: boolean | undefined, allowed: boolean | undefined): Problem | null =>
  wanted && allowed === false ? [errors.optionNotAllowed, 'this role may not have events retained here'] : null;

/** A session that has as many as it may gets no more: what one peer can cost is bounded. */
function limitProblem({ limits, authrole }: Session, what: keyof typeof limited, has: number): Problem | null {
  const most = limits[what] ?? Infinity;
  if (has < most) return null;
  return [errors.limitReached, `a session of role "${authrole}" may have ${most} ${limited[what]} at a time`];
}
const limited = {
  subscriptions: 'subscriptions',
  registrations: 'registrations',
  calls: 'calls under way',
  testaments: 'testaments',
  definitions: 'definitions',
} as const;

/** A realm in which anonymous sessions may do everything, as fast as they can: for development, on loopback only. */
export const permissiveRealm = (name: Uri): RealmConfig => ({
  name,
  roles: [
    {
      name: 'anonymous',
      permissions: [
        {
          uri: '',
          match: 'prefix',
          policies: ['exact', 'prefix', 'wildcard'],
          allow: { call: true, register: true, publish: true, subscribe: true },
        },
      ],
      limits: { messagesPerSecond: Infinity, messageBurst: Infinity, bytesPerSecond: Infinity, byteBurst: Infinity },
    },
  ],
});
