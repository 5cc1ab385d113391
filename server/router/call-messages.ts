/** What is sent for a call: INVOCATION and INTERRUPT to its callee, ERROR to its caller. WAMP "Remote Procedure Calls". */
import { messages, type Dict, type Uri } from '../../protocol/index.ts';
import type { Call } from './calls.ts';
import { send, type Content, type Effect } from './effects.ts';
import { callerIdentity } from './identity.ts';
import { passthru } from './passthru.ts';
import type { Callee } from './registrations.ts';
import type { Session } from './session.ts';

/** AutobahnJS announces progressive results without canceling, which the specification asks for: it gets them all the same. */
export const wantsProgress = ({ options }: Call, { callee }: Session): boolean =>
  options.receive_progress === true && callee.progress;

/** The details of a call's first INVOCATION. */
export function detailsFor(call: Call, callee: Callee): Dict {
  const { caller, procedure, registration, options, terms } = call;
  const can = callee.session.callee;
  const discloses = terms.disclose ?? (options.disclose_me === true || callee.disclosesCaller);
  const details: Record<string, unknown> = passthru(options);
  if (discloses) Object.assign(details, callerIdentity(caller, options));
  if (registration.match !== 'exact') details['procedure'] = procedure;
  if (wantsProgress(call, callee.session)) details['receive_progress'] = true;
  if (call.expectsMore) details['progress'] = true;
  if (options.timeout && callee.keepsTimeouts) details['timeout'] = options.timeout;
  if (terms.trustlevel !== undefined && can.trustlevels) details['trustlevel'] = terms.trustlevel;
  return details;
}

/** Carries a payload of the call to its callee: the first one, or more of it. */
export const invocation = (
  { invocation: request }: Call,
  { session, registration }: Callee,
  details: Dict,
  { args, kwargs, payload }: Content = {},
): Effect =>
  send(session.connection, {
    type: 'invocation',
    request,
    registration: registration.id,
    details,
    args,
    kwargs,
    payload,
  });

/** WAMP "Call Canceling". */
export const interrupt = ({ invocation: request }: Call, { session }: Callee, mode: 'kill' | 'killnowait'): Effect =>
  send(session.connection, { type: 'interrupt', request, options: { mode } });

/** The final answer of a call that has none. */
export const errorTo = (
  { caller, request }: Call,
  error: Uri,
  { details = {}, ...content }: { readonly details?: Dict } & Content,
): Effect =>
  send(caller.connection, { type: 'error', requestType: messages.call.code, request, details, error, ...content });
