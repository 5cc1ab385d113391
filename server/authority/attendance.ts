import type { Caller } from './requests.ts';

/** Who is here: the sessions that have joined a match, and whose they are. Two tabs of one person are one person. */
export class Attendance {
  readonly #sessions = new Map<number, { readonly authid: string; readonly isPerson: boolean }>();

  arrive({ session, authid, authrole }: Caller): void {
    this.#sessions.set(session, { authid, isPerson: authrole !== 'bot' });
  }

  /** The session has ended, or looks at the match no more. */
  depart(session: number): void {
    this.#sessions.delete(session);
  }

  /** All sessions of somebody. */
  departAll(authid: string): void {
    for (const [session, visitor] of this.#sessions) if (visitor.authid === authid) this.#sessions.delete(session);
  }

  has(authid: string): boolean {
    return this.#visitors.some((visitor) => visitor.authid === authid);
  }

  /** Whether a person is here as somebody: who decides. */
  isPerson(authid: string): boolean {
    return this.#visitors.some((visitor) => visitor.authid === authid && visitor.isPerson);
  }

  sessionsOf(authid: string): readonly number[] {
    return [...this.#sessions].flatMap(([session, visitor]) => (visitor.authid === authid ? [session] : []));
  }

  /** Everybody but these: with the players given, the spectators. */
  countWithout(authids: readonly (string | null)[]): number {
    return new Set(this.#visitors.map(({ authid }) => authid).filter((authid) => !authids.includes(authid))).size;
  }

  /** Whether a person is here. A computer has no interest of its own in a match. */
  get hasPeople(): boolean {
    return this.#visitors.some(({ isPerson }) => isPerson);
  }

  get #visitors() {
    return [...this.#sessions.values()];
  }
}
