import {
  join,
  type Clock,
  type List,
  type Result,
  type Session,
  type Transport,
  type Uri,
} from '../../protocol/index.ts';
import type { Permission } from '../router/index.ts';
import type { TrustedPrincipal } from './trusted-principal.ts';

/** Calls may take any procedure, and nothing else is done. */
const permissions: readonly Permission[] = [{ uri: '', match: 'prefix', allow: { call: true } }];
const principal: TrustedPrincipal = { authid: 'router', authrole: 'router', permissions, hidden: true };

/** The router's own sessions, one a realm, each from the first time it is needed: it asks components by them. */
export class OwnSessions {
  readonly #link: (principal: TrustedPrincipal) => Transport;
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(link: (principal: TrustedPrincipal) => Transport, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  /** @throws CallError; `wamp.error.timeout` when the component takes too long. */
  async call(realm: string, procedure: Uri, args: List, timeoutMs: number): Promise<Result> {
    const session = await this.#session(realm);
    return session.call(procedure, args, undefined, { timeoutMs });
  }

  #session(realm: string): Promise<Session> {
    const known = this.#sessions.get(realm);
    if (known) return known;
    const joining = join(this.#link(principal), { realm, agent: 'router', clock: this.#clock });
    this.#sessions.set(realm, joining);
    const forget = () => this.#sessions.delete(realm);
    joining.then(({ closed }) => closed.then(forget), forget);
    return joining;
  }
}
