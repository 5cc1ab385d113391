/** Says something to screen readers that no live region on the page says already. */
import { part } from './element.ts';

export function announce(text: string): void {
  const announcer = part('announcer');
  // A new node each time: the same words twice are two announcements.
  announcer.replaceChildren(document.createTextNode(text));
}
