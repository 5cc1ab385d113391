/** A short message at the edge of the page that goes by itself. */
import { announce } from './announcer.ts';
import { element, part } from './element.ts';

/** How long it stays, milliseconds: longer for what went wrong. */
const stay = { note: 4_000, error: 8_000 };

/** @param silent where a live region of the page says the same. */
export function toast(
  text: string,
  { tone = 'note', silent = false }: { tone?: keyof typeof stay; silent?: boolean } = {},
): void {
  const made = element('p', { class: 'toast', 'data-tone': tone === 'error' && tone }, text);
  const others = [...part('toasts').children].filter((other) => other.textContent === text);
  for (const other of others) other.remove();
  part('toasts').append(made);
  made.addEventListener('click', () => made.remove());
  setTimeout(() => made.remove(), stay[tone]);
  if (!silent) announce(text);
}
