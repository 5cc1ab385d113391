/** What a session may do, and why not. */
import {
  CallError,
  errors,
  isReserved,
  isUri,
  ProtocolError,
  type MatchPolicy,
  type Message,
  type Uri,
} from '../../protocol/index.ts';
import type { Action, Permission } from './authorization.ts';
import type { CallTerms } from './calls.ts';
import { isForwarded, type Forwarded } from './identity.ts';
import { Lately } from './lately.ts';
import { checkPassthru, isPacked } from './passthru.ts';
import type { Terms } from './publication.ts';
import { describedBy, type Kind } from './reflection.ts';
import type { Session } from './session.ts';

/** Why a request is refused. */
export type Problem = readonly [error: Uri, message: string];

export const isProblem = (given: Problem | Terms | CallTerms): given is Problem => Array.isArray(given);

/** For the router's own procedures. @throws CallError */
export function refuseIf(problem: Problem | null): void {
  if (problem) throw new CallError(problem[0], [problem[1]]);
}

/** Longest URI a session may use, in characters: what one lookup costs grows with it. */
const maxUriLength = 1024;

/** Of the sessions of one realm. */
export class Rights {
  readonly #uris: 'loose' | 'strict' | undefined;
  /** Of exact URIs. */
  readonly #wellFormed = new Lately<boolean>();

  /** @param uris which URIs are well formed. */
  constructor(uris: 'loose' | 'strict' | undefined) {
    this.#uris = uris;
  }

  /** Why nobody may do this. */
  uriProblem(action: Action, uri: Uri, match: MatchPolicy): Problem | null {
    if (uri.length > maxUriLength)
      return [errors.invalidUri, `a URI may have ${maxUriLength} characters, this one has ${uri.length}`];
    if (!this.#isWellFormed(uri, match))
      return [errors.invalidUri, `"${uri}" is not a well formed URI${forMatch(match)}`];
    if (isReserved(uri) && (action === 'publish' || action === 'register')) {
      return [errors.invalidUri, `"${uri}" is reserved: only the router may ${action} below "wamp."`];
    }
    return null;
  }

  /** On which terms a session may publish this, or why it may not. @throws ProtocolError */
  toPublish(session: Session, message: Message<'publish'>): Terms | Problem {
    checkPassthru('publish.options', message.options, session.publisher.passthru);
    return this.#terms(session, message);
  }

  /** The same for a testament, as publishing it now would be. @throws CallError saying why it may not. */
  toBequeath(session: Session, message: Message<'publish'>, has: number): Terms {
    if (isPacked(message.options) && !session.publisher.passthru)
      refuseIf([errors.featureNotSupported, 'payload_passthru_mode was not announced']);
    const terms = this.#terms(session, message);
    if (isProblem(terms)) throw new CallError(terms[0], [terms[1]]);
    refuseIf(limitProblem(session, 'testaments', has));
    return terms;
  }

  /** @param has how many of them it has already; likewise below. */
  toSubscribe(session: Session, { topic, options }: Message<'subscribe'>, has: number): Problem | null {
    return (
      this.#problem(session, 'subscribe', topic, options.match) ??
      forwardProblem(session, options) ??
      limitProblem(session, 'subscriptions', has)
    );
  }

  toRegister(session: Session, { procedure, options }: Message<'register'>, has: number): Problem | null {
    return (
      this.#problem(session, 'register', procedure, options.match) ??
      forwardProblem(session, options) ??
      limitProblem(session, 'registrations', has)
    );
  }

  /** @throws ProtocolError when it uses what it has not announced. */
  toCall(session: Session, message: Message<'call'>, has: number): CallTerms | Problem {
    const { options, procedure } = message;
    checkPassthru('call.options', options, session.caller.passthru);
    if (options.progress && !session.caller.progressiveInvocations)
      throw new ProtocolError('call.options.progress needs progressive_call_invocations, which was not announced');
    const rule = session.permissions.rule(procedure);
    const problem =
      this.#problemBy(rule, session, 'call', procedure) ??
      discloseProblem(options.disclose_me, rule?.disclose?.caller) ??
      forwardProblem(session, options) ??
      plainProblem(message) ??
      limitProblem(session, 'calls', has);
    return problem ?? { disclose: rule?.disclose?.caller, trustlevel: rule?.trustlevel };
  }

  /** To describe this for others. WAMP "Reflection". @throws CallError */
  toDefine(session: Session, kind: Kind, uri: Uri, has: number): void {
    refuseIf(this.#problem(session, describedBy(kind), uri) ?? limitProblem(session, 'definitions', has));
  }

  #isWellFormed(uri: Uri, match: MatchPolicy): boolean {
    if (match !== 'exact') return isUri(uri, match, this.#uris);
    return this.#wellFormed.get(uri) ?? this.#wellFormed.keep(uri, isUri(uri, match, this.#uris));
  }

  /** Why the session may not do this. */
  #problem(session: Session, action: Action, uri: Uri, match: MatchPolicy = 'exact'): Problem | null {
    const problem = this.uriProblem(action, uri, match);
    if (problem) return problem;
    const patterned = action === 'subscribe' || action === 'register';
    const allowed = patterned
      ? session.permissions.allowsPattern(action, uri, match)
      : session.permissions.allows(action, uri);
    if (allowed) return null;
    return mayNot(session, action, uri, match);
  }

  /** The same for a single URI, of which this rule decides. */
  #problemBy(rule: Permission | undefined, session: Session, action: Action, uri: Uri): Problem | null {
    return (
      this.uriProblem(action, uri, 'exact') ?? (rule?.allow[action] === true ? null : mayNot(session, action, uri))
    );
  }

  #terms(session: Session, { topic, options }: Message<'publish'>): Terms | Problem {
    const rule = session.permissions.rule(topic);
    const problem =
      this.#problemBy(rule, session, 'publish', topic) ??
      discloseProblem(options.disclose_me, rule?.disclose?.publisher) ??
      forwardProblem(session, options) ??
      retainProblem(options.retain, rule?.retain);
    const disclose = rule?.disclose?.publisher ?? options.disclose_me === true;
    return problem ?? { disclose, trustlevel: rule?.trustlevel };
  }
}

const mayNot = ({ permissions }: Session, action: Action, uri: Uri, match: MatchPolicy = 'exact'): Problem => [
  errors.notAuthorized,
  `role "${permissions.role}" may not ${verbs[action]} "${uri}"${forMatch(match)}`,
];

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

/** Only links of other routers are believed when they say who somebody else is. */
const forwardProblem = ({ forwards, authrole }: Session, options: Forwarded): Problem | null =>
  isForwarded(options) && !forwards
    ? [errors.optionNotAllowed, `role "${authrole}" may not say forward_for: it is no router link`]
    : null;

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
