/** Who called or published, as it is disclosed. WAMP "Caller Identification", "Publisher Identification". */
import type { Dict, Hop } from '../../protocol/index.ts';
import type { Session } from './session.ts';

/**
 * What a router link says in CALL and PUBLISH: for whom, the first being who called or published, and by which links.
 * The specification has only the key; this is Crossbar's use of it.
 */
export interface Forwarded {
  readonly forward_for?: readonly Hop[];
}

export const isForwarded = ({ forward_for = [] }: Forwarded): boolean => forward_for.length > 0;

export function callerIdentity(session: Session, forwarded: Forwarded): Dict {
  const { origin, way } = trace(session, forwarded);
  return { caller: origin.session, caller_authid: origin.authid, caller_authrole: origin.authrole, ...way };
}

export function publisherIdentity(session: Session, forwarded: Forwarded): Dict {
  const { origin, way } = trace(session, forwarded);
  return { publisher: origin.session, publisher_authid: origin.authid, publisher_authrole: origin.authrole, ...way };
}

/** Who it was, and where others brought it here: they, with the session that they sent it by. */
function trace({ id, authid, authrole }: Session, { forward_for = [] }: Forwarded) {
  const sender: Hop = { session: id, authid, authrole };
  const [origin = sender] = forward_for;
  return { origin, way: forward_for.length > 0 ? { forward_for: [...forward_for, sender] } : {} };
}
