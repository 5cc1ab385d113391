import type { Dict, Uri } from '../../protocol/index.ts';
import type { AskedPermissions } from './asked-permissions.ts';
import type { Permission, Permits, SessionLimits } from './authorization.ts';
import type { ConnectionId } from './effects.ts';
import type { Features } from './features.ts';

/** Who a session is: what its authentication found out, never what it said itself. */
export interface Principal {
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly authprovider: string;
  /** The router's own services: they are in no list of the meta API and in no meta event, and cannot be killed. */
  readonly hidden?: boolean;
}

/** A principal as it is let in. */
export interface Admitted extends Principal {
  /** Where it joins, if not in the realm that HELLO asked for. */
  readonly realm?: Uri;
  /** What it may do, instead of what its role may. */
  readonly permissions?: readonly Permission[];
}

/** A joined session as realm, broker and dealer see it. */
export interface Session extends Principal, Features {
  readonly id: number;
  readonly connection: ConnectionId;
  readonly permissions: Permits;
  /** The same, where a component has a say in them. */
  readonly asked: AskedPermissions | undefined;
  readonly limits: SessionLimits;
  /** It may say that its messages are others': it is a router's link to this one. */
  readonly forwards: boolean;
}

/** What `wamp.session.get` and `wamp.session.on_join` say. WAMP "Session Meta API". */
export const describeSession = ({ id, authid, authrole, authmethod, authprovider }: Session): Dict => ({
  session: id,
  authid,
  authrole,
  authmethod,
  authprovider,
});
