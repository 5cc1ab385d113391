/** Where a guest's ticket is kept: `localStorage`, or anything like it. */
export interface TicketStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Who a guest was, and the server's signature on it. */
export interface Guest {
  readonly authid: string;
  readonly ticket: string;
}

/** The ticket by which a guest comes back as the same player. Never throws: without it one is a new guest. design.md §5. */
export class GuestTicket {
  readonly #store: TicketStore;
  readonly #key: string;

  constructor(store: TicketStore, { url, realm }: { readonly url: string; readonly realm: string }) {
    this.#store = store;
    this.#key = `realmkit.guest:${realm}@${url}`;
  }

  read(): Guest | null {
    try {
      const kept: unknown = JSON.parse(this.#store.getItem(this.#key) ?? 'null');
      return isGuest(kept) ? { authid: kept.authid, ticket: kept.ticket } : null;
    } catch {
      return null;
    }
  }

  keep({ authid, ticket }: Guest): void {
    try {
      this.#store.setItem(this.#key, JSON.stringify({ authid, ticket }));
    } catch {
      // A full or forbidden store: the guest is a new one after the next reload.
    }
  }

  forget(): void {
    try {
      this.#store.removeItem(this.#key);
    } catch {
      // As above.
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
