/** Bits in a row, the lowest of each number first: what the packed form is written in. */

/** Bits that number so many different values: none for one. */
export const widthOf = (values: number): number => (values <= 1 ? 0 : bitsOf(values - 1));

/** Bits of a whole number, 0 or above: 1 for 0. */
const bitsOf = (value: number): number =>
  value < 2 ** 32 ? 32 - Math.clz32(value | 1) : 64 - Math.clz32(Math.floor(value / 2 ** 32));

/** 2 to the power of each index: the operator is slow. */
const powers = Float64Array.from({ length: 54 }, (_, exponent) => 2 ** exponent);

/** What the last writer has written into, for the next one: growing with each message takes longer than writing it. */
let spare: Uint8Array | null = null;
/** Larger is not kept. */
const mostSpare = 256 * 1024;

export class BitWriter {
  /** Texts that this message has carried so far: later ones may repeat parts of them. */
  readonly texts: string[] = [];
  /** The number that was last written as the key of an entity. */
  lastKey = 0;
  #bytes: Uint8Array;
  #length = 0;
  /** Fewer than 8 bits that fill no byte yet. */
  #held = 0;
  #count = 0;

  constructor() {
    this.#bytes = spare ?? new Uint8Array(64);
    spare = null;
  }

  /** Bits written so far. */
  get length(): number {
    return this.#length * 8 + this.#count;
  }

  /** A whole number from 0 to below 2^width; width up to 53. */
  bits(value: number, width: number): void {
    if (width > 16) {
      this.#put(value % 65536, 16);
      return this.bits(Math.floor(value / 65536), width - 16);
    }
    this.#put(value, width);
  }

  bit(set: boolean): void {
    this.#put(set ? 1 : 0, 1);
  }

  /** A whole number from 0 up; the smaller, the shorter. @param k bits of what is usual: what is below 2^k takes k + 1 bits. */
  uint(value: number, k = 3): void {
    if (value < powers[k]!) return this.bits(value * 2, k + 1);
    const width = bitsOf(value);
    for (let i = k; i < width; i++) this.#put(1, 1);
    this.#put(0, 1);
    this.bits(value - powers[width - 1]!, width - 1);
  }

  /** A whole number of either sign. */
  int(value: number, k = 3): void {
    const size = Math.abs(value);
    this.uint(size, k);
    if (size > 0) this.bit(value < 0);
  }

  /** Any number, as it is. */
  float(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    this.bits(view.getUint32(0), 32);
    this.bits(view.getUint32(4), 32);
  }

  /** What has been written; the last byte is filled with zeros. The writer is not used afterwards. */
  bytes(): Uint8Array {
    if (this.#count > 0) this.#put(0, 8 - this.#count);
    const written = this.#bytes.slice(0, this.#length);
    if (this.#bytes.length <= mostSpare && this.#bytes.length > (spare?.length ?? 0)) spare = this.#bytes;
    return written;
  }

  #put(value: number, width: number): void {
    this.#held |= value << this.#count;
    this.#count += width;
    while (this.#count >= 8) {
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#held; // the low byte of it
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** Elements that one message may make out of no bits, because they are always the same. */
const mostForNothing = 1_000_000;

/** Reads what a BitWriter wrote. Everything throws a RangeError where the bytes end too early, or cannot be right. */
export class BitReader {
  readonly texts: string[] = [];
  lastKey = 0;
  readonly #bytes: Uint8Array;
  #next = 0;
  #held = 0;
  #count = 0;
  /** Elements and characters that may still be announced: no more than bits, and those for nothing. */
  #left: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#left = bytes.length * 8 + mostForNothing;
  }

  bits(width: number): number {
    if (width <= 16) return this.#take(width);
    const low = this.#take(16);
    return low + this.bits(width - 16) * 65536;
  }

  bit(): boolean {
    return this.#take(1) === 1;
  }

  uint(k = 3): number {
    if (!this.bit()) return this.bits(k);
    let width = k + 1;
    while (this.bit()) width++;
    if (width > 53) throw malformed('a number is too long');
    return powers[width - 1]! + this.bits(width - 1);
  }

  int(k = 3): number {
    const size = this.uint(k);
    return size > 0 && this.bit() ? -size : size;
  }

  float(): number {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint32(0, this.bits(32));
    view.setUint32(4, this.bits(32));
    return view.getFloat64(0);
  }

  /** How many follow. @param most as many as there may be. */
  count(k: number, most: number): number {
    const count = this.uint(k);
    if (count > most) throw malformed(`${count} where at most ${most} can be`);
    this.#left -= count;
    if (this.#left < 0) throw malformed('too much of it is made of too few bytes');
    return count;
  }

  /** Nothing may follow but the zeros that fill the last byte. */
  end(): void {
    if (this.#next < this.#bytes.length || this.#held !== 0) throw malformed('there is more than was expected');
  }

  #take(width: number): number {
    while (this.#count < width) {
      if (this.#next === this.#bytes.length) throw malformed('it ends too early');
      this.#held |= this.#bytes[this.#next++]! << this.#count;
      this.#count += 8;
    }
    const value = this.#held & ((1 << width) - 1);
    this.#held >>>= width;
    this.#count -= width;
    return value;
  }
}

/** Bytes that no writer of the same schema has written, or that belong to another state. */
export const malformed = (what: string): RangeError => new RangeError(`packed bytes are malformed: ${what}`);
