/** What a page has opened lasts as long as the page, whose signal says when it goes. */
import type { Off } from '../listeners.ts';

export function atEnd(signal: AbortSignal, off: Off): void {
  if (signal.aborted) off();
  else signal.addEventListener('abort', off, { once: true });
}
