/** Where a guest's ticket is kept: `localStorage`, or anything like it. */
export interface TicketStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Who a guest was, and the server's signature on it. */
export interface Guest {
  readonly authid: string;
  readonly ticket: string;
}

/**
 * The ticket by which a guest comes back as the same player. design.md §5. Once there is one it stays this page's, whatever
 * other tabs store meanwhile. Never throws: without a store that works one is a new guest after the next reload.
 */
export class GuestTicket {
  readonly #store: TicketStore | null;
  readonly #key: string;
  #guest: Guest | null = null;
  #refused: string | null = null;

  constructor(store: TicketStore | null, { url, realm }: { readonly url: string; readonly realm: string }) {
    this.#store = store;
    this.#key = `realmkit.guest:${realm}@${url}`;
  }

  /** Null: one is nobody yet. */
  read(): Guest | null {
    this.#guest ??= this.#stored();
    return this.#guest;
  }

  keep({ authid, ticket }: Guest): void {
    this.#guest = { authid, ticket };
    try {
      this.#store?.setItem(this.#key, JSON.stringify(this.#guest));
    } catch {
      // A full or forbidden store.
    }
  }

  /** The server does not take it any more. Another tab may have a newer one. */
  refuse({ ticket }: Guest): void {
    this.#guest = null;
    this.#refused = ticket;
  }

  #stored(): Guest | null {
    try {
      const kept: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? 'null');
      return isGuest(kept) && kept.ticket !== this.#refused ? { authid: kept.authid, ticket: kept.ticket } : null;
    } catch {
      return null;
    }
  }
}

const isGuest = (value: unknown): value is Guest =>
  typeof value === 'object' &&
  value !== null &&
  'authid' in value &&
  typeof value.authid === 'string' &&
  'ticket' in value &&
  typeof value.ticket === 'string';
