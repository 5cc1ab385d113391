import type { Dict, Uri } from '../../protocol/index.ts';
import type { Permission } from './authorization.ts';
import type { ConnectionId } from './effects.ts';
import type { Features } from './features.ts';
import type { Grants } from './roles.ts';

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
export interface Session extends Principal, Features, Grants {
  readonly id: number;
  readonly connection: ConnectionId;
  /** What it may do, instead of what its role may. */
  readonly own: readonly Permission[] | undefined;
  /** As the edge has measured it, ms; absent until then, and where it cannot. */
  roundTripMs?: number;
}

/** What `wamp.session.get` and `wamp.session.on_join` say. `x_rtt` is ours. WAMP "Session Meta API". */
export const describeSession = ({ id, authid, authrole, authmethod, authprovider, roundTripMs }: Session): Dict => ({
  session: id,
  authid,
  authrole,
  authmethod,
  authprovider,
  ...(roundTripMs === undefined ? {} : { x_rtt: roundTripMs }),
});
