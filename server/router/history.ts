import { namesSessions } from './audience.ts';
import { kept } from './effects.ts';
import type { Publication } from './publication.ts';

/** An event of the past. */
export interface PastEvent {
  /** When it was published, in milliseconds since 1970. In the order of publication these may repeat, and go back. */
  readonly at: number;
  readonly publication: Publication;
}

/** The last events of one subscription, oldest first, whether or not anybody listened. WAMP "Event History". */
export class History {
  #limit: number;
  readonly #events: PastEvent[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** From now on so many are kept. */
  set limit(limit: number) {
    this.#limit = limit;
    this.#events.splice(0, this.#events.length - limit);
  }

  get events(): readonly PastEvent[] {
    return this.#events;
  }

  /** What was meant for certain sessions, or not for them, is not kept: later sessions cannot be compared with those. */
  add(publication: Publication, at: number): void {
    if (publication.audience && namesSessions(publication.audience)) return;
    this.#events.push({ at, publication: { ...publication, content: kept(publication.content) } });
    if (this.#events.length > this.#limit) this.#events.shift();
  }
}
