/** How long things last: as long as the page that has opened them, whose signal says when it goes. */
import type { Off } from '../listeners.ts';

export function until(signal: AbortSignal, off: Off): void {
  if (signal.aborted) off();
  else signal.addEventListener('abort', off, { once: true });
}
