import { Backlog, inOwnMemory, type BacklogLimits } from './backlog.ts';
import { defaults } from './defaults.ts';

export interface PollQueueLimits extends BacklogLimits {
  /** How many messages may wait for one peer; with more its session ends, with half as many droppable events are left out. */
  readonly maxQueuedMessages?: number;
}

/** The messages for a long-poll peer: they wait until it has asked for them, and until the answer has left. */
export class PollQueue extends Backlog<Uint8Array> {
  readonly #maxMessages: number;
  /** How many of the first are in an answer. */
  #taken = 0;

  constructor(limits: PollQueueLimits) {
    super(limits);
    this.#maxMessages = limits.maxQueuedMessages ?? defaults.maxQueuedMessages;
  }

  override get bytes(): number {
    return this.keptBytes;
  }

  override get isBehind(): boolean {
    return super.isBehind || this.parts.length > this.#maxMessages / 2;
  }

  get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  add(message: Uint8Array): void {
    this.keep(inOwnMemory(message));
    if (this.parts.length > this.#maxMessages) this.giveUp(`more than ${this.#maxMessages} messages wait for you`);
    else this.check();
  }

  /** The next, for an answer: they are there until it `left`. */
  take(count: number): readonly Uint8Array[] {
    const taken = this.parts.slice(0, count);
    this.#taken = taken.length;
    return taken;
  }

  left(): void {
    this.release(this.#taken);
    this.#taken = 0;
  }

  override clear(): void {
    this.#taken = 0;
    super.clear();
  }
}
