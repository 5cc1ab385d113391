import type { Writable } from 'node:stream';

/**
 * What waits for one socket during a turn of the event loop; it leaves in one write when the turn ends. Sockets that are
 * sent the same frames in the same order, as the subscribers of a topic are, share one list of frames and the bytes
 * joined from it, so that one more receiver costs a step along the list. Whoever is sent something else leaves the
 * others' list at that place: order always holds.
 */
export class Outbox {
  readonly #stream: Writable;
  /** The last frame that waits; the others are before it. */
  #last: Link | null = null;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Bytes that wait here or, because the peer reads slowly, in the stream. */
  get bytes(): number {
    return this.#stream.writableLength + (this.#last?.bytes ?? 0);
  }

  /** A whole frame: whatever else is written to the stream comes before or after it. */
  add(frame: Uint8Array): void {
    if (this.#last === null) flushSoon(this);
    this.#last = follow(this.#last ?? turn, frame);
  }

  flush(): void {
    const last = this.#last;
    this.#last = null;
    if (last && this.#stream.writable) this.#stream.write(joined(last));
  }

  clear(): void {
    this.#last = null;
  }
}

/** One frame behind others. */
interface Link {
  readonly before: Link | null;
  readonly frame: Uint8Array;
  /** Of this frame and all before it. */
  readonly bytes: number;
  /** The link that was last put behind this one. */
  next: Link | null;
  /** All frames up to this one, once a socket has needed them. */
  joined: Uint8Array | null;
}

const nothing = new Uint8Array();
const start = (): Link => ({ before: null, frame: nothing, bytes: 0, next: null, joined: null });

/** Where all lists of this turn begin. */
let turn = start();

function follow(link: Link, frame: Uint8Array): Link {
  const { next } = link;
  if (next !== null && next.frame === frame) return next;
  return (link.next = { before: link, frame, bytes: link.bytes + frame.length, next: null, joined: null });
}

function joined(last: Link): Uint8Array {
  if (last.bytes === last.frame.length) return last.frame;
  if (last.joined) return last.joined;
  const all = Buffer.allocUnsafe(last.bytes);
  for (let link: Link | null = last; link; link = link.before) all.set(link.frame, link.bytes - link.frame.length);
  return (last.joined = all);
}

let waiting: Outbox[] = [];

function flushSoon(outbox: Outbox): void {
  if (waiting.push(outbox) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const due = waiting;
  waiting = [];
  turn = start();
  for (const outbox of due) outbox.flush();
}
