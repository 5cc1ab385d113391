import { wireForms, type WireForm } from '../../protocol/index.ts';

/** Which sessions follow a match in which wire form, as they said when they joined or synced. */
export class Listeners {
  readonly #sessions: Readonly<Record<WireForm, Set<number>>> = { json: new Set(), packed: new Set() };

  /** A session may follow both. */
  add(session: number, form: WireForm): void {
    this.#sessions[form].add(session);
  }

  remove(session: number): void {
    for (const form of wireForms) this.#sessions[form].delete(session);
  }

  want(form: WireForm): boolean {
    return this.#sessions[form].size > 0;
  }
}
