import type { MatchPolicy, Uri } from '../../protocol/index.ts';
import { AskedPermissions } from './asked-permissions.ts';
import {
  Authorization,
  permissionsOf,
  type Action,
  type Permission,
  type Permits,
  type Role,
  type SessionLimits,
} from './authorization.ts';

/** What a role gives to one session. */
export interface Grants {
  permissions: Permits;
  /** The same, where a component has a say in them. */
  asked: AskedPermissions | undefined;
  limits: SessionLimits;
  /** It may say that its messages are others': it is a router's link to this one. */
  forwards: boolean;
}

/** Who gets it. */
interface Bearer {
  readonly authid: string;
  readonly authrole: string;
  /** What it may do, instead of what its role may. */
  readonly own?: readonly Permission[] | undefined;
}

/** The roles of a realm. */
export class Roles {
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #authorization: Authorization;

  constructor(roles: readonly Role[]) {
    this.#roles = new Map(roles.map((role) => [role.name, role]));
    this.#authorization = new Authorization(roles);
  }

  /** null: there is no such role. */
  grants({ authid, authrole, own }: Bearer): Grants | null {
    const { limits = {}, forwards = false, authorizer } = this.#roles.get(authrole) ?? {};
    if (own) return { permissions: permissionsOf(authrole, own), asked: undefined, limits, forwards };
    const fixed = this.#authorization.permissions(authrole, authid);
    if (!fixed) return null;
    const asked = authorizer === undefined ? undefined : new AskedPermissions(fixed, authorizer);
    return { permissions: asked ?? fixed, asked, limits, forwards };
  }

  /** Whether a role is here as it was there. */
  hasSame(name: string, there: Roles): boolean {
    return JSON.stringify(this.#roles.get(name)) === JSON.stringify(there.#roles.get(name));
  }
}

export interface Pattern {
  readonly uri: Uri;
  readonly match: MatchPolicy;
}

/**
 * Whether what was allowed before still is. What only the authorizer can say, it has said when it was asked: that holds
 * as long as it is the same one, and no permission decided then.
 */
export function stillAllows(before: Grants, now: Grants, action: Action, { uri, match }: Pattern): boolean {
  const { asked, permissions } = now;
  if (asked?.leavesOpen(uri, match))
    return before.asked?.authorizer === asked.authorizer && before.asked.leavesOpen(uri, match);
  return action === 'subscribe' || action === 'register'
    ? permissions.allowsPattern(action, uri, match)
    : permissions.allows(action, uri);
}
