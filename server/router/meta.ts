/** The procedures a realm answers itself. WAMP "Session Meta API"; counting, listing and getting so far. */
import { CallError, errors, type Dict, type List, type Uri } from '../../protocol/index.ts';
import { describeSession, type Session } from './session.ts';

type Sessions = ReadonlyMap<number, Session>;

/**
 * Calls a procedure below `wamp.`. What it returns is the one positional result.
 * @throws CallError: there is no such procedure or session, or an argument is of the wrong type.
 */
export function callMeta(sessions: Sessions, procedure: Uri, args: List = []): unknown {
  const serve = procedures.get(procedure);
  if (!serve) throw new CallError(errors.noSuchProcedure, [`the router has no procedure ${procedure}`]);
  return serve(sessions, args);
}

const procedures = new Map<Uri, (sessions: Sessions, args: List) => unknown>([
  ['wamp.session.count', (sessions, args) => ofRoles(sessions, args[0]).length],
  ['wamp.session.list', (sessions, args) => ofRoles(sessions, args[0]).map(({ id }) => id)],
  ['wamp.session.get', (sessions, args) => get(sessions, args[0])],
]);

function ofRoles(sessions: Sessions, roles: unknown): readonly Session[] {
  const all = [...sessions.values()];
  if (roles === undefined || roles === null) return all;
  if (!Array.isArray(roles)) throw new CallError(errors.invalidArgument, ['the first argument is not a list of roles']);
  const wanted = new Set<unknown>(roles);
  return all.filter(({ authrole }) => wanted.has(authrole));
}

function get(sessions: Sessions, id: unknown): Dict {
  if (typeof id !== 'number') throw new CallError(errors.invalidArgument, ['the first argument is not a session id']);
  const session = sessions.get(id);
  if (!session) throw new CallError(errors.noSuchSession, [`there is no session ${id}`]);
  return describeSession(session);
}
