/** Objects whose changes can be taken back: what a rejected or failing rule has written is undone, and nothing is copied. */
export class Undo {
  readonly #changes: (() => void)[] = [];
  readonly #recorders = new WeakMap<object, object>();
  readonly #recorded = new WeakMap<object, object>();

  /** The same plain object or list, to be written to by a rule. */
  record<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#recorders.get(value);
    if (known) return known as T;
    const recorder = new Proxy(value, {
      get: (target, key, receiver) => this.record(Reflect.get(target, key, receiver)),
      set: (target, key, next) => {
        this.#keep(target, key);
        return Reflect.set(target, key, this.#plain(next));
      },
      deleteProperty: (target, key) => {
        this.#keep(target, key);
        return Reflect.deleteProperty(target, key);
      },
    });
    this.#recorders.set(value, recorder);
    this.#recorded.set(recorder, value);
    return recorder;
  }

  /** Something else has been done, and this takes it back. */
  did(undo: () => void): void {
    this.#changes.push(undo);
  }

  /** Takes everything back, the last change first. */
  undo(): void {
    for (const change of this.#changes.splice(0).toReversed()) change();
  }

  #plain<T>(value: T): T {
    return typeof value === 'object' && value !== null
      ? ((this.#recorded.get(value) as T | undefined) ?? value)
      : value;
  }

  #keep(target: object, key: PropertyKey): void {
    const before = Object.getOwnPropertyDescriptor(target, key);
    const length = Array.isArray(target) ? target.length : null;
    this.#changes.push(() => {
      if (before) Object.defineProperty(target, key, before);
      else Reflect.deleteProperty(target, key);
      if (length !== null) (target as unknown[]).length = length;
    });
  }
}
