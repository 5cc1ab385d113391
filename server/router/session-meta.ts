/** Counting, listing, describing and ending sessions. WAMP "Session Meta API". */
import { CallError, closeReasons, errors, type Dict, type Uri } from '../../protocol/index.ts';
import type { Effect } from './effects.ts';
import { value, type MetaProcedure, type MetaProcedures } from './meta.ts';
import { idAt, textAt, textNamed, textsAt, uriNamed } from './meta-arguments.ts';
import { describeSession, type Session } from './session.ts';

/** What the sessions that are ended get to hear. */
export interface Farewell {
  readonly reason: Uri;
  readonly message: string | undefined;
}

/** How sessions are ended. */
export interface Ending {
  kill(session: Session, farewell: Farewell): Effect[];
  /** Nobody is told that they have ended. */
  killQuietly(sessions: readonly Session[], farewell: Farewell): Effect[];
}

/** Hidden sessions do not exist here, and nobody ends itself. */
export function sessionProcedures(
  sessions: ReadonlyMap<number, Session>,
  { kill, killQuietly }: Ending,
): MetaProcedures {
  const visible = () => [...sessions.values()].filter(({ hidden }) => !hidden);
  const ofRoles = (roles: readonly string[] | undefined) =>
    roles ? visible().filter(({ authrole }) => roles.includes(authrole)) : visible();
  const killAll = (victims: readonly Session[], kwargs: Dict) => {
    const farewell = farewellOf(kwargs);
    return victims.flatMap((session) => kill(session, farewell));
  };
  const idsOf = (some: readonly Session[]) => some.map(({ id }) => id);
  return new Map<Uri, MetaProcedure>([
    ['wamp.session.count', ({ args }) => value(ofRoles(textsAt(args, 0, 'roles')).length)],
    ['wamp.session.list', ({ args }) => value(idsOf(ofRoles(textsAt(args, 0, 'roles'))))],
    ['wamp.session.get', ({ args }) => value(describeSession(sessionAt(sessions, idAt(args, 0, 'session'))))],
    [
      'wamp.session.kill',
      ({ caller, args, kwargs }) => {
        const session = sessionAt(sessions, idAt(args, 0, 'session'));
        if (session === caller) throw noSuchSession(caller.id);
        return { effects: kill(session, farewellOf(kwargs)) };
      },
    ],
    [
      'wamp.session.kill_by_authid',
      ({ caller, args, kwargs }) => {
        const authid = textAt(args, 0, 'an authid');
        const victims = visible().filter((session) => session.authid === authid && session !== caller);
        return value(idsOf(victims), killAll(victims, kwargs));
      },
    ],
    [
      'wamp.session.kill_by_authrole',
      ({ caller, args, kwargs }) => {
        const authrole = textAt(args, 0, 'an authrole');
        const victims = visible().filter((session) => session.authrole === authrole && session !== caller);
        return value(victims.length, killAll(victims, kwargs));
      },
    ],
    [
      'wamp.session.kill_all',
      ({ caller, kwargs }) => {
        const victims = visible().filter((session) => session !== caller);
        return value(victims.length, killQuietly(victims, farewellOf(kwargs)));
      },
    ],
  ]);
}

/** @throws CallError: there is none, or none to be seen. */
export function sessionAt(sessions: ReadonlyMap<number, Session>, id: number): Session {
  const session = sessions.get(id);
  if (!session || session.hidden) throw noSuchSession(id);
  return session;
}

const noSuchSession = (id: number) => new CallError(errors.noSuchSession, [`there is no such session: ${id}`]);

const farewellOf = (kwargs: Dict): Farewell => ({
  reason: uriNamed(kwargs, 'reason') ?? closeReasons.killed,
  message: textNamed(kwargs, 'message'),
});
