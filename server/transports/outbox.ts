import type { Writable } from 'node:stream';
import type { Span } from '../../protocol/index.ts';
import { Backlog, inOwnMemory, type BacklogLimits } from './backlog.ts';
import { descriptorOf, writeNow } from './kernel-write.ts';
import { atEndOfTurn } from './turn.ts';

/**
 * What waits for one socket during a turn of the event loop; it leaves in one write when the turn ends. Sockets that are
 * sent the same frames in the same order, as the subscribers of a topic are, share one list of frames and the bytes
 * joined from it, so that one more receiver costs a step along the list. Whoever is sent something else leaves the
 * others' list at that place: order always holds. What the stream does not take, because the peer reads slowly, is held
 * back until it has drained, so that it can still be forgotten.
 */
export class Outbox extends Backlog<Uint8Array> {
  readonly #stream: Writable;
  readonly #descriptor: number | null;
  /** The last frame that waits; the others are before it. */
  #last: Link | null = null;
  /** The stream may still hold something. Asked first: its own state lies far away in memory, for each receiver. */
  #usesStream = false;
  /** The stream has enough until it has drained. */
  #isFull = false;
  /** How many of the parts the stream has been given; the others are held back. */
  #given = 0;
  #heldBytes = 0;

  constructor(stream: Writable, limits: BacklogLimits) {
    super(limits);
    this.#stream = stream;
    this.#descriptor = descriptorOf(stream);
  }

  /** Here and in the stream. */
  override get bytes(): number {
    const inStream = this.#usesStream ? this.#stream.writableLength : 0;
    return inStream + this.#heldBytes + (this.#last?.bytes ?? 0);
  }

  /** A whole frame: whatever else is written to the stream comes before or after it. */
  add(frame: Span): void {
    if (this.#last === null) flushSoon(this);
    this.#last = follow(this.#last ?? turn, frame);
    this.check();
  }

  flush(): void {
    const last = this.#last;
    this.#last = null;
    if (!last || !this.#stream.writable) return;
    if (this.#isFull) this.#hold(ownMemory(last));
    else if (this.#stream.writableLength > 0) this.#write(ownMemory(last));
    else this.#writeNow(joined(last));
  }

  /** Gives all to the stream, which is about to end. */
  finish(): void {
    this.flush();
    if (this.#stream.writable) for (const part of this.parts.slice(this.#given)) this.#stream.write(part);
    this.clear();
  }

  override clear(): void {
    super.clear();
    this.#last = null;
    this.#given = 0;
    this.#heldBytes = 0;
  }

  /** Nothing is before it. */
  #writeNow(part: Uint8Array): void {
    this.#usesStream = false;
    const taken = this.#descriptor === null ? 0 : writeNow(this.#descriptor, part);
    if (taken < part.length) this.#write(taken === 0 ? part : part.subarray(taken));
  }

  #write(part: Uint8Array): void {
    this.#usesStream = true;
    if (!this.#stream.write(part)) this.#fill(part);
  }

  #hold(part: Uint8Array): void {
    this.#heldBytes += part.length;
    this.keep(part);
  }

  /** The stream has taken this, and wants nothing more. */
  #fill(part: Uint8Array): void {
    this.#isFull = true;
    this.#given = 1;
    this.keep(part);
    this.#stream.once('drain', () => this.#refill());
  }

  /** What the stream takes without wanting to drain again does not wait for long. */
  #refill(): void {
    this.#releaseGiven();
    this.#isFull = false;
    this.#stream.cork();
    for (const part of this.parts) {
      this.#isFull = !this.#stream.write(part);
      this.#given++;
      this.#heldBytes -= part.length;
      if (this.#isFull) break;
    }
    this.#stream.uncork();
    if (this.#isFull) this.#stream.once('drain', () => this.#refill());
    else this.#releaseGiven();
  }

  #releaseGiven(): void {
    this.release(this.#given);
    this.#given = 0;
  }
}

/** One frame behind others. */
interface Link {
  readonly frame: Span;
  /** Of this frame and all before it. */
  readonly bytes: number;
  /** Where the frames begin, in the memory of this one, that lie there one behind the other, this one being the last. */
  readonly from: number;
  /** The link before those; null: there is none. */
  readonly before: Link | null;
  /** The link that was last put behind this one. */
  next: Link | null;
  /** All frames up to this one, once a socket has needed them. */
  joined: Uint8Array | null;
}

const nothing: Span = { whole: new Uint8Array(), start: 0, end: 0 };
const start = (): Link => ({ frame: nothing, bytes: 0, from: 0, before: null, next: null, joined: null });

/** Where all lists of this turn begin. */
let turn = start();

function follow(link: Link, frame: Span): Link {
  const { next } = link;
  if (next !== null && next.frame === frame) return next;
  const isNeighbour = link.frame.whole === frame.whole && link.frame.end === frame.start;
  const [from, before] = isNeighbour ? [link.from, link.before] : [frame.start, link];
  return (link.next = { frame, bytes: link.bytes + frame.end - frame.start, from, before, next: null, joined: null });
}

function joined(last: Link): Uint8Array {
  if (last.joined) return last.joined;
  const { whole, end } = last.frame;
  if (end - last.from === last.bytes) return (last.joined = whole.subarray(last.from, end));
  const all = Buffer.allocUnsafe(last.bytes);
  for (let link: Link | null = last; link && link.bytes > 0; link = link.before) {
    const piece = link.frame.whole.subarray(link.from, link.frame.end);
    all.set(piece, link.bytes - piece.length);
  }
  return (last.joined = all);
}

/** The same for what may wait long. */
const ownMemory = (last: Link): Uint8Array => (last.joined = inOwnMemory(joined(last)));

let waiting: Outbox[] = [];

function flushSoon(outbox: Outbox): void {
  if (waiting.push(outbox) === 1) atEndOfTurn(flushAll);
}

function flushAll(): void {
  const due = waiting;
  waiting = [];
  turn = start();
  for (const outbox of due) outbox.flush();
}
