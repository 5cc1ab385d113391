import type { Uri } from '../../protocol/index.ts';

/** How many URIs, of how many characters: peers choose them. */
const most = 256;
const longest = 128;

/** What was found out of URIs that were asked about lately: the same few are, again and again. */
export class Lately<T> {
  readonly #found = new Map<Uri, T>();

  get(uri: Uri): T | undefined {
    return this.#found.get(uri);
  }

  /** @returns what is kept. */
  keep(uri: Uri, found: T): T {
    if (uri.length > longest) return found;
    if (this.#found.size === most) this.#found.clear();
    this.#found.set(uri, found);
    return found;
  }

  /** It is true no longer. */
  forget(): void {
    this.#found.clear();
  }
}
