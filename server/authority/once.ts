/** What is under way for a key is not begun a second time: whoever asks meanwhile gets what comes of it. */
export class Once<T> {
  readonly #running = new Map<string, Promise<T>>();

  run(key: string, task: () => Promise<T>): Promise<T> {
    const known = this.#running.get(key);
    if (known) return known;
    const running = task().finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }
}
