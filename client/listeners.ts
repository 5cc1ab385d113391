/** Takes a listener away again. Calling it twice does no harm. */
export type Off = () => void;
/** Told of errors that no promise carries. */
export type Report = (error: unknown, where: string) => void;

export const reportToConsole: Report = (error, where) => console.error(`Error in ${where}:`, error);

/** Who wants to know of one thing. A listener that throws harms no other. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #listeners = new Set<{ readonly call: (...args: Args) => void }>();
  readonly #where: string;
  readonly #report: Report;

  /** @param where what listens, for a report of what it throws: `a view listener`. */
  constructor(where: string, report: Report = reportToConsole) {
    this.#where = where;
    this.#report = report;
  }

  add(call: (...args: Args) => void): Off {
    const listener = { call };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(...args: Args): void {
    for (const listener of new Set(this.#listeners)) {
      // who is added meanwhile is not told
      if (!this.#listeners.has(listener)) continue;
      try {
        listener.call(...args);
      } catch (error) {
        this.#report(error, this.#where);
      }
    }
  }
}
