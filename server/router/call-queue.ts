import type { Call } from './calls.ts';
import type { Registration } from './registrations.ts';

/** Calls that wait for a callee to be free, for each registration oldest first, and only so many. */
export class CallQueue {
  readonly #waiting = new Map<Registration, Set<Call>>();
  /** Calls that may wait for one registration; those that wait already do so whatever it becomes. */
  most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** Whether nobody waits. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Whether it may wait. */
  add(call: Call): boolean {
    const waiting = this.#waiting.get(call.registration) ?? new Set<Call>();
    if (waiting.size >= this.most) return false;
    this.#waiting.set(call.registration, waiting.add(call));
    return true;
  }

  remove(call: Call): void {
    const waiting = this.#waiting.get(call.registration);
    if (waiting?.delete(call) && waiting.size === 0) this.#waiting.delete(call.registration);
  }

  of(registration: Registration): readonly Call[] {
    return [...(this.#waiting.get(registration) ?? [])];
  }

  /** Those for whom somebody waits. */
  registrations(): readonly Registration[] {
    return [...this.#waiting.keys()];
  }
}
