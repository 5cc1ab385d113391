/** Who may do what: roles with permissions by URI pattern. The most specific permission decides; none means no. */
import { matches, type MatchPolicy, type Uri } from '../../protocol/index.ts';
import { PatternIndex } from './pattern-index.ts';

export type Action = 'call' | 'register' | 'publish' | 'subscribe';

export interface Permission {
  /** A URI pattern. `{authid}` in it stands for the session's own authid. */
  readonly uri: Uri;
  /** How `uri` is compared; default 'exact'. */
  readonly match?: MatchPolicy;
  readonly allow: { readonly [action in Action]?: boolean };
  /** With which match policies a session may SUBSCRIBE and REGISTER below `uri`; default only 'exact'. */
  readonly policies?: readonly MatchPolicy[];
  /** true: receivers always learn who called or published; false: never, `disclose_me` is an error; absent: the peer decides. */
  readonly disclose?: { readonly caller?: boolean; readonly publisher?: boolean };
  /** What receivers are told of how far calls and publications can be trusted: an integer, 0 is the least. WAMP "Trust Levels". */
  readonly trustlevel?: number;
  /** false: publications may not ask to be retained here. What is retained costs memory after its publisher has gone. */
  readonly retain?: false;
}

/** How many of each a session may have at a time; absent: as many as it likes, for rates as many as others. */
export interface SessionLimits {
  readonly subscriptions?: number;
  readonly registrations?: number;
  /** Calls that it has made and that are not answered yet. */
  readonly calls?: number;
  readonly testaments?: number;
  /** Topics, procedures and errors that it describes. WAMP "Reflection". */
  readonly definitions?: number;
  /** Messages that it may send a second, on average; more end it. Kept at the edge, which knows time and sizes. */
  readonly messagesPerSecond?: number;
  /** Messages that it may send at once after a pause. */
  readonly messageBurst?: number;
  readonly bytesPerSecond?: number;
  readonly byteBurst?: number;
}

export interface Role {
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** A procedure that is asked about whatever no permission of the role decides; default: that is forbidden. */
  readonly authorizer?: Uri;
  readonly limits?: SessionLimits;
  /**
   * true: its sessions are links of other routers, which may say for whom they call and publish (`forward_for`), and are
   * believed. Default false.
   */
  readonly forwards?: boolean;
}

interface Rule extends Permission {
  readonly match: MatchPolicy;
}

/** What one session may do. */
export interface Permits {
  readonly role: string;
  /** Of one topic or procedure, the permission that decides. */
  rule(uri: Uri): Permission | undefined;
  allows(action: Action, uri: Uri): boolean;
  allowsPattern(action: Action, uri: Uri, match: MatchPolicy): boolean;
}

/** The permissions of one session: its role's, with its own authid put in. Of two for the same pattern the later counts. */
export class Permissions implements Permits {
  readonly role: string;
  /** Most specific first. */
  readonly #rules: readonly Rule[];
  readonly #index = new PatternIndex<Rule>();

  constructor(role: string, rules: readonly Rule[]) {
    this.role = role;
    for (const rule of rules) this.#index.set(rule.uri, rule.match, rule);
    this.#rules = rules.filter((rule) => this.#index.get(rule.uri, rule.match) === rule).toSorted(bySpecificity);
  }

  rule(uri: Uri): Permission | undefined {
    return this.#index.best(uri);
  }

  allows(action: Action, uri: Uri): boolean {
    return this.rule(uri)?.allow[action] === true;
  }

  /**
   * Whether a session may subscribe or register this pattern. It may when it could do so for every single URI that the
   * pattern matches: no permission that decides for one of them says no.
   */
  allowsPattern(action: Action, uri: Uri, match: MatchPolicy): boolean {
    if (match === 'exact') return this.allows(action, uri) && allowsPolicy(this.rule(uri), match);
    for (const rule of this.#rules) {
      if (!overlap(rule, { uri, match })) continue;
      if (rule.allow[action] !== true || !allowsPolicy(rule, match)) return false;
      if (covers(rule, { uri, match })) return true;
    }
    return false;
  }

  /** Whether these permissions say anything of one of the URIs that the pattern matches. */
  decides(uri: Uri, match: MatchPolicy): boolean {
    return match === 'exact'
      ? this.#index.best(uri) !== undefined
      : this.#rules.some((rule) => overlap(rule, { uri, match }));
  }
}

/** Permissions of a session that brings its own. */
export const permissionsOf = (role: string, permissions: readonly Permission[]): Permissions =>
  new Permissions(role, permissions.map(withMatch));

const withMatch = (permission: Permission): Rule => ({ match: 'exact', ...permission });

/** Makes the permissions of sessions from the roles of a realm. */
export class Authorization {
  readonly #roles: ReadonlyMap<string, readonly Rule[]>;
  /** Permissions of the roles that do not depend on the authid, shared by their sessions. */
  readonly #shared = new Map<string, Permissions>();

  constructor(roles: readonly Role[]) {
    this.#roles = new Map(roles.map(({ name, permissions }) => [name, permissions.map(withMatch)]));
    for (const [name, rules] of this.#roles)
      if (!rules.some(isPersonal)) this.#shared.set(name, new Permissions(name, rules));
  }

  /** undefined: the realm has no such role. */
  permissions(role: string, authid: string): Permissions | undefined {
    const shared = this.#shared.get(role);
    if (shared) return shared;
    const rules = this.#roles.get(role);
    return (
      rules &&
      new Permissions(
        role,
        rules.flatMap((rule) => personal(rule, authid)),
      )
    );
  }
}

const placeholder = '{authid}';
const isPersonal = ({ uri }: Rule) => uri.includes(placeholder);

/** An authid that is not one URI component could reach into the URIs of others, so it gets no permission of its own. */
function personal(rule: Rule, authid: string): Rule[] {
  if (!isPersonal(rule)) return [rule];
  return /^[^\s.#]+$/.test(authid) ? [{ ...rule, uri: rule.uri.replaceAll(placeholder, () => authid) }] : [];
}

const allowsPolicy = (rule: Permission | undefined, match: MatchPolicy) =>
  (rule?.policies ?? ['exact']).includes(match);

interface Pattern {
  readonly uri: Uri;
  readonly match: MatchPolicy;
}

/** As `PatternIndex.best` chooses: exact, longer prefixes, shorter prefixes, wildcards with a literal further left. */
function bySpecificity(a: Pattern, b: Pattern): number {
  if (a.match !== b.match) return rank[a.match] - rank[b.match];
  return a.match === 'wildcard'
    ? wildcardOrder(a.uri).localeCompare(wildcardOrder(b.uri))
    : b.uri.length - a.uri.length;
}
const rank = { exact: 0, prefix: 1, wildcard: 2 };
const wildcardOrder = (uri: Uri) =>
  uri
    .split('.')
    .map((component) => (component === '' ? '1' : '0'))
    .join('');

/** Whether `wide` matches every URI that `narrow` matches. */
export function covers(wide: Pattern, narrow: Pattern): boolean {
  if (narrow.match === 'exact') return matches(wide.uri, wide.match, narrow.uri);
  if (wide.match === 'prefix') return literalHead(narrow).startsWith(wide.uri);
  return (
    wide.match === 'wildcard' && narrow.match === 'wildcard' && components(wide, narrow, (w, n) => w === '' || w === n)
  );
}

/** Whether some URI matches both. */
export function overlap(a: Pattern, b: Pattern): boolean {
  if (a.match === 'exact') return matches(b.uri, b.match, a.uri);
  if (b.match === 'exact') return matches(a.uri, a.match, b.uri);
  if (a.match === 'prefix' && b.match === 'prefix') return a.uri.startsWith(b.uri) || b.uri.startsWith(a.uri);
  if (a.match === 'wildcard' && b.match === 'wildcard')
    return components(a, b, (x, y) => x === '' || y === '' || x === y);
  return a.match === 'prefix' ? prefixMeetsWildcard(a.uri, b.uri) : prefixMeetsWildcard(b.uri, a.uri);
}

/** What every URI matching the pattern begins with. */
const literalHead = ({ uri, match }: Pattern) => {
  if (match !== 'wildcard') return uri;
  const parts = uri.split('.');
  const any = parts.indexOf('');
  return any < 0
    ? uri
    : parts
        .slice(0, any)
        .map((part) => `${part}.`)
        .join('');
};

function components(a: Pattern, b: Pattern, test: (a: string, b: string) => boolean): boolean {
  const ofA = a.uri.split('.');
  const ofB = b.uri.split('.');
  return ofA.length === ofB.length && ofA.every((component, i) => test(component, ofB[i]!));
}

/** A prefix's last component may be cut short anywhere; all before it are whole. */
function prefixMeetsWildcard(prefix: Uri, wildcard: Uri): boolean {
  const wanted = wildcard.split('.');
  const given = prefix.split('.');
  const last = given.pop()!;
  if (wanted.length <= given.length) return false;
  const end = wanted[given.length]!;
  return (
    given.every((component, i) => wanted[i] === '' || wanted[i] === component) && (end === '' || end.startsWith(last))
  );
}
