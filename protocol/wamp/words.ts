/** Bytes four at a time: a view reads and writes them wherever they lie. */

/** Of longer bytes the view is not kept, nor they with it: beside reading them, another view costs nothing. */
const mostKept = 64 * 1024;

/** Views of bytes: making one takes as long as reading a message, so those of the last bytes are kept. */
class Words {
  #bytes: Uint8Array = new Uint8Array();
  #words: DataView = new DataView(this.#bytes.buffer);

  of(bytes: Uint8Array): DataView {
    if (bytes === this.#bytes) return this.#words;
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length <= mostKept) {
      this.#bytes = bytes;
      this.#words = words;
    }
    return words;
  }
}

const read = new Words();
const written = new Words();

/** Of what is read: as a rule, all that has come at once. */
export const wordsOf = (bytes: Uint8Array): DataView => read.of(bytes);

/** Of what is written, which lies elsewhere. */
export const wordsInto = (bytes: Uint8Array): DataView => written.of(bytes);
