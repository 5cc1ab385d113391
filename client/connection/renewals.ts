/** What is done anew in every session: subscriptions, registrations, followed matches, the list of the lobby. */
import type { CallError, Session } from '../../protocol/index.ts';
import type { Off, Report } from '../listeners.ts';
import { backoffMs } from './backoff.ts';
import type { ClientClock } from './surroundings.ts';

/** A subscription or registration that is made again in every later session. */
export interface Lasting {
  /** Ends it; resolves when the router knows, or the session is gone anyway. */
  stop(): Promise<void>;
}

/** Somebody who wants every session; `closed` when there will be no more. */
interface Attached {
  attach(session: Session): Promise<void>;
  closed(error: CallError): void;
}

interface RenewalsSetup {
  /** The session there is now. */
  current(): Session | null;
  readonly clock: ClientClock;
  readonly random: () => number;
  readonly onError: Report;
}

export class Renewals {
  readonly #around: RenewalsSetup;
  readonly #attached = new Set<Attached>();
  #closed: CallError | null = null;

  constructor(around: RenewalsSetup) {
    this.#around = around;
  }

  /**
   * Runs `attach` in this session, if there is one, and in every later one. Where it fails it is run again after a while,
   * as long as its session lasts: who offers what it needs may be late, or our former session be held for alive.
   */
  each(attach: (session: Session) => Promise<void>, closed: (error: CallError) => void): Off {
    const session = this.#around.current();
    const error = this.#closed;
    const one = { attach, closed };
    if (error) queueMicrotask(() => closed(error));
    else this.#attached.add(one);
    if (session) void this.#attach(one, session);
    return () => void this.#attached.delete(one);
  }

  /** Does something in every session, and undoes it in the last. Rejects when the first time fails. */
  lasting<T>(open: (session: Session) => Promise<T>, close: (opened: T) => Promise<void>): Promise<Lasting> {
    const { current } = this.#around;
    return new Promise((resolve, reject) => {
      let opened: Promise<T>;
      let isFirst = true;
      const attach = async (session: Session) => {
        opened = open(session);
        try {
          await opened;
          isFirst = false;
          resolve({ stop });
        } catch (error) {
          if (!isFirst || session !== current()) throw error;
          off();
          reject(error);
        }
      };
      const stop = async () => {
        off();
        const session = current();
        if (!session) return;
        await opened.then(close).catch((error: unknown) => {
          if (session === current()) throw error;
        });
      };
      const off = this.each(attach, reject);
    });
  }

  /** There is a new session. */
  renew(session: Session): void {
    for (const one of new Set(this.#attached)) void this.#attach(one, session); // who comes meanwhile finds the session there
  }

  /** There will be none any more. */
  close(error: CallError): void {
    this.#closed = error;
    const attached = [...this.#attached];
    this.#attached.clear();
    for (const one of attached) one.closed(error);
  }

  async #attach(one: Attached, session: Session, failures = 0): Promise<void> {
    const { current, clock, random, onError } = this.#around;
    const isWanted = () => session === current() && this.#attached.has(one);
    if (!isWanted()) return;
    try {
      await one.attach(session);
    } catch (error) {
      if (!isWanted()) return;
      onError(error, 'renewing something in a new session');
      clock.setTimeout(() => void this.#attach(one, session, failures + 1), backoffMs(failures + 1, random));
    }
  }
}
