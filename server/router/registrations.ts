import {
  errors,
  isReserved,
  sequence,
  type Dict,
  type List,
  type MatchPolicy,
  type Message,
  type Uri,
} from '../../protocol/index.ts';
import { refuse, send, type Effect } from './effects.ts';
import type { InvocationPolicy } from './invocation-policy.ts';
import { PatternIndex } from './pattern-index.ts';
import type { Session } from './session.ts';

/** A procedure, or a pattern of procedures, and who answers calls of it. */
export interface Registration {
  readonly id: number;
  readonly uri: Uri;
  readonly match: MatchPolicy;
  readonly invoke: InvocationPolicy;
  /** In milliseconds since 1970. */
  readonly created: number;
  /** In order of registration; empty only once it is deleted. */
  readonly callees: Callee[];
  /** Whose turn it is (roundrobin): an index of `callees`, or their number: then it is the first one's, or a new one's. */
  turn: number;
}

/** One session's part in a registration. */
export interface Callee {
  readonly session: Session;
  readonly registration: Registration;
  readonly disclosesCaller: boolean;
  /** It keeps the timeouts of calls itself. */
  readonly keepsTimeouts: boolean;
  /** How many invocations it wants at a time. */
  readonly concurrency: number;
  /** How many it has not answered yet. */
  busy: number;
}

/** Publishes an event of the router itself. */
export type Announce = (topic: Uri, args: List) => Effect[];

/** Who has registered what. WAMP "Registering and Unregistering", "Registration Meta API". */
export class Registrations {
  readonly #index = new PatternIndex<Registration>();
  readonly #byId = new Map<number, Registration>();
  readonly #held = new Map<Session, Map<number, Callee>>();
  readonly #nextId = sequence();
  readonly #now: () => number;
  readonly #announce: Announce;

  constructor(now: () => number, announce: Announce) {
    this.#now = now;
    this.#announce = announce;
  }

  /** The one that a call of this procedure reaches. */
  best(procedure: Uri): Registration | undefined {
    return this.#index.best(procedure);
  }

  find(uri: Uri, match: MatchPolicy): Registration | undefined {
    return this.#index.get(uri, match);
  }

  get(id: number): Registration | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Registration> {
    return this.#byId.values();
  }

  count(session: Session): number {
    return this.#held.get(session)?.size ?? 0;
  }

  heldBy(session: Session): readonly Callee[] {
    return [...(this.#held.get(session)?.values() ?? [])];
  }

  register(session: Session, { request, options, procedure }: Message<'register'>): Effect[] {
    const { match = 'exact', invoke = 'single', force_reregister: force = false } = options;
    const existing = this.find(procedure, match);
    const revoked = existing && force ? this.#takeAway(existing) : [];
    const conflict = existing && !force ? conflictOf(existing, session, invoke) : undefined;
    if (conflict)
      return [refuse(session.connection, 'register', request, conflict, `${procedure} is registered already`)];
    const shared = force ? undefined : existing;
    const registration = shared ?? this.#create(procedure, match, invoke);
    this.#add({
      session,
      registration,
      disclosesCaller: options.disclose_caller === true,
      keepsTimeouts: options.forward_timeout === true && session.callee.timeout,
      concurrency: options.concurrency ?? Infinity,
      busy: 0,
    });
    const answer = send(session.connection, { type: 'registered', request, registration: registration.id });
    const created = shared ? [] : this.#tell('on_create', session, registration, describeRegistration(registration));
    return [...revoked, answer, ...created, ...this.#tell('on_register', session, registration, registration.id)];
  }

  unregister(session: Session, { request, registration }: Message<'unregister'>): Effect[] {
    const callee = this.#held.get(session)?.get(registration);
    if (!callee) {
      const problem = `you hold no registration ${registration}`;
      return [refuse(session.connection, 'unregister', request, errors.noSuchRegistration, problem)];
    }
    return [send(session.connection, { type: 'unregistered', request }), ...this.#remove(callee)];
  }

  /** Takes its part from a callee, which hears of it if it can. WAMP "Registration Revocation". */
  revoke(callee: Callee, reason?: Uri): Effect[] {
    const { session, registration } = callee;
    const details = { registration: registration.id, ...(reason !== undefined && { reason }) };
    const notice = send(session.connection, { type: 'unregistered', request: 0, details });
    return [...(session.callee.revocation ? [notice] : []), ...this.#remove(callee)];
  }

  leave(session: Session): Effect[] {
    return this.heldBy(session).flatMap((callee) => this.#remove(callee));
  }

  /** A new callee has come that takes the procedure over, from those who may be gone without our knowing. */
  #takeAway({ callees }: Registration): Effect[] {
    return [...callees].flatMap((callee) => this.revoke(callee, errors.unregistered));
  }

  #create(uri: Uri, match: MatchPolicy, invoke: InvocationPolicy): Registration {
    const registration = { id: this.#nextId(), uri, match, invoke, created: this.#now(), callees: [], turn: 0 };
    this.#index.set(uri, match, registration);
    this.#byId.set(registration.id, registration);
    return registration;
  }

  #add(callee: Callee): void {
    const { session, registration } = callee;
    registration.callees.push(callee);
    const held = this.#held.get(session) ?? new Map<number, Callee>();
    this.#held.set(session, held);
    held.set(registration.id, callee);
  }

  #remove(callee: Callee): Effect[] {
    const { session, registration } = callee;
    const { callees, uri, match, id } = registration;
    const at = callees.indexOf(callee);
    callees.splice(at, 1);
    if (at < registration.turn) registration.turn--; // the one whose turn it was keeps it
    const held = this.#held.get(session);
    held?.delete(id);
    if (held?.size === 0) this.#held.delete(session);
    const parted = this.#tell('on_unregister', session, registration, id);
    if (callees.length > 0) return parted;
    this.#index.delete(uri, match);
    this.#byId.delete(id);
    return [...parted, ...this.#tell('on_delete', session, registration, id)];
  }

  #tell(event: RegistrationEvent, session: Session, { uri }: Registration, subject: number | Dict): Effect[] {
    if (session.hidden || isReserved(uri)) return [];
    return this.#announce(`wamp.registration.${event}`, [session.id, subject]);
  }
}

type RegistrationEvent = 'on_create' | 'on_register' | 'on_unregister' | 'on_delete';

/** What `wamp.registration.get` and `wamp.registration.on_create` say. */
export const describeRegistration = ({ id, uri, match, invoke, created }: Registration): Dict => ({
  id,
  created: new Date(created).toISOString(),
  uri,
  match,
  invoke,
});

/** Why a second callee cannot join a registration. WAMP "Shared Registration". */
function conflictOf({ invoke, callees }: Registration, session: Session, wanted: InvocationPolicy): Uri | undefined {
  if (invoke === 'single' || wanted === 'single') return errors.procedureAlreadyExists;
  if (invoke !== wanted) return errors.differentInvocationPolicy;
  return callees.some((callee) => callee.session === session) ? errors.procedureAlreadyExists : undefined;
}
