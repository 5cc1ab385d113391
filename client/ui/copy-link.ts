/** A link to send to others: copied by a button, and in a field for those whose browser does not let us. */
import { inform } from './dialog.ts';
import { button, element } from './element.ts';
import { toast } from './toast.ts';

export async function copyLink(link: string, signal: AbortSignal): Promise<void> {
  try {
    // Not there at all on pages that came without https from another machine.
    await navigator.clipboard.writeText(link);
    toast('Link copied');
  } catch {
    await inform('Copy this link', signal, linkField(link));
  }
}

/** The link in a field, with its button. */
export function copyRow(link: string, signal: AbortSignal): HTMLElement {
  const copy = button('Copy', () => copyLink(link, signal), { 'data-look': 'primary' });
  return element('div', { class: 'copy-row' }, linkField(link), copy);
}

function linkField(link: string): HTMLInputElement {
  const field = element('input', { class: 'field', readonly: true, value: link, 'aria-label': 'Invite link' });
  field.addEventListener('focus', () => field.select());
  return field;
}
