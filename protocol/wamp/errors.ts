/** Errors as they travel, and as they are thrown. WAMP "Predefined URIs"; which of them when: "Error Handling". */
import type { Uri } from './uris.ts';
import type { Dict, List } from './values.ts';

/** Error URIs that can travel on the wire: the key is what code says, the value is what peers see. */
export const errors = {
  /** The peer broke the protocol: reason of an ABORT. */
  protocolViolation: 'wamp.error.protocol_violation',
  /** A realm, topic or procedure URI is malformed or reserved. */
  invalidUri: 'wamp.error.invalid_uri',
  noSuchProcedure: 'wamp.error.no_such_procedure',
  procedureAlreadyExists: 'wamp.error.procedure_already_exists',
  /** Not in the specification; what deployed routers answer when the `invoke` values differ. */
  differentInvocationPolicy: 'wamp.error.procedure_exists_with_different_invocation_policy',
  /** Every callee is as busy as it wants to be, and the queue is full. Not in the specification; Crossbar's. */
  maxConcurrencyReached: 'crossbar.error.max_concurrency_reached',
  /** Why a registration was revoked: another callee took the procedure over. Not in the specification; Crossbar's. */
  unregistered: 'wamp.error.unregistered',
  noSuchRegistration: 'wamp.error.no_such_registration',
  noSuchSubscription: 'wamp.error.no_such_subscription',
  /** Of this subscription no past events are kept. Not in the specification; Crossbar's name for it. */
  historyUnavailable: 'wamp.error.history_unavailable',
  noSuchSession: 'wamp.error.no_such_session',
  noSuchRealm: 'wamp.error.no_such_realm',
  noSuchRole: 'wamp.error.no_such_role',
  noSuchPrincipal: 'wamp.error.no_such_principal',
  invalidArgument: 'wamp.error.invalid_argument',
  /** The payload cannot be sent: it holds a Date, a function, a cycle. Not in the specification; Autobahn's name for it. */
  invalidPayload: 'wamp.error.invalid_payload',
  payloadSizeExceeded: 'wamp.error.payload_size_exceeded',
  canceled: 'wamp.error.canceled',
  timeout: 'wamp.error.timeout',
  unavailable: 'wamp.error.unavailable',
  noAvailableCallee: 'wamp.error.no_available_callee',
  featureNotSupported: 'wamp.error.feature_not_supported',
  optionNotAllowed: 'wamp.error.option_not_allowed',
  discloseMeDisallowed: 'wamp.error.option_disallowed.disclose_me',
  networkFailure: 'wamp.error.network_failure',
  notAuthorized: 'wamp.error.not_authorized',
  authorizationFailed: 'wamp.error.authorization_failed',
  /** More at a time than the role may have. Not in the specification, which knows no limits. */
  limitReached: 'wamp.error.limit_reached',
  authenticationDenied: 'wamp.error.authentication_denied',
  authenticationFailed: 'wamp.error.authentication_failed',
  noMatchingAuthMethod: 'wamp.error.no_matching_auth_method',
  /** An uncaught exception in a callee. Not in the specification, universal in practice. */
  runtimeError: 'wamp.error.runtime_error',
} as const;

/** Reasons of GOODBYE, and of sessions that end without one. */
export const closeReasons = {
  closeRealm: 'wamp.close.close_realm',
  goodbyeAndOut: 'wamp.close.goodbye_and_out',
  systemShutdown: 'wamp.close.system_shutdown',
  killed: 'wamp.close.killed',
  /** Local: the transport went away without GOODBYE. */
  transportLost: 'wamp.close.transport_lost',
} as const;

/** A peer broke the protocol. Ends that peer's session with ABORT `wamp.error.protocol_violation`, and no other. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** A call, registration, subscription or publication was answered by ERROR, or never will be answered. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly uri: Uri;
  readonly args: List;
  readonly kwargs: Dict;

  /** The message is `args[0]` where that is a string, else the URI. */
  constructor(uri: Uri, args: List = [], kwargs: Dict = {}, options?: { cause?: unknown }) {
    super(typeof args[0] === 'string' ? args[0] : uri, options);
    this.uri = uri;
    this.args = args;
    this.kwargs = kwargs;
  }
}
