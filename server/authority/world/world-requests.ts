/** What players and spectators ask of a world. */
import { t } from '../../../protocol/index.ts';

const form = t.oneOf('json', 'packed').default('json');

export const joinRequest = t.object({ form, watch: t.bool().default(false), fingerprint: t.str(64).optional() });
export const syncRequest = t.object({ form });
/** `id` is random for each attempt; `number` is the client's, by which it knows its move in the packed form. */
export const moveRequest = t.object({ id: t.str(64).optional(), number: t.int(1).optional() });

/** Inputs of several ticks, the newest last: `last` is its number, `seen` the tick that the player looked at. */
export interface InputMessage {
  readonly last: number;
  readonly inputs: readonly unknown[];
  readonly seen: number | undefined;
}

/** null for what makes no sense: nobody waits for an answer to it. */
export function inputMessage([last, inputs, seen]: readonly unknown[]): InputMessage | null {
  if (!Number.isSafeInteger(last) || (last as number) < 1 || !Array.isArray(inputs) || inputs.length > mostInputs)
    return null;
  const tick = typeof seen === 'number' && Number.isFinite(seen) ? seen : undefined;
  return { last: last as number, inputs, seen: tick };
}
const mostInputs = 120;
