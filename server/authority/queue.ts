/** Runs tasks one after another, in the order they came. A task that fails stops no other. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => {}); // whoever asked is told
    return done;
  }
}
