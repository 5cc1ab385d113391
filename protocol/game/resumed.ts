/**
 * What an authority tells all who follow a match or world when it has taken that up again, on the topics of every wire form:
 * it does not know of them, so they ask for the whole by `sync`.
 */
export interface Resumed {
  readonly type: 'resumed';
  /** Higher than that of any view before. */
  readonly epoch: number;
}

/** @returns the epoch; null where a message of a state topic is another one. */
export function resumedEpoch(message: unknown): number | null {
  const { type, epoch } = (message ?? {}) as { readonly [key: string]: unknown };
  return type === 'resumed' && typeof epoch === 'number' ? epoch : null;
}
