/** Questions in a modal dialog. Escape, Cancel and leaving the page all answer null. */
import { button, element, type Child } from './element.ts';
import type { Question } from './game-screen.ts';

let count = 0;

/** @param signal aborted when the page that asks goes away. */
export const ask = <T extends string>({ title, choices }: Question<T>, signal: AbortSignal): Promise<T | null> =>
  open<T>(title, signal, (answer) => {
    const buttons = choices.map(({ value, label, image }) => {
      const choice = element(
        'button',
        { class: 'piece-choice', type: 'button' },
        element('img', { src: image, alt: '' }),
        label,
      );
      choice.addEventListener('click', () => answer(value));
      return choice;
    });
    return [element('div', { class: 'piece-choices' }, ...buttons), buttonRow(button('Cancel', () => answer(null)))];
  });

/** Whether the player really wants it. @param yes what the button says that does it. */
export const confirm = async (
  { title, text, yes }: { title: string; text: string; yes: string },
  signal: AbortSignal,
): Promise<boolean> =>
  (await open<'yes'>(title, signal, (answer) => [
    element('p', {}, text),
    buttonRow(
      button('Cancel', () => answer(null)),
      button(yes, () => answer('yes'), { 'data-look': 'danger' }),
    ),
  ])) === 'yes';

/** Shows something until it is closed. */
export const inform = async (title: string, signal: AbortSignal, ...content: readonly Child[]): Promise<void> =>
  void (await open<never>(title, signal, (answer) => [...content, buttonRow(button('Close', () => answer(null)))]));

const buttonRow = (...buttons: readonly Child[]) => element('div', { class: 'dialog-buttons' }, ...buttons);

function open<T extends string>(
  title: string,
  signal: AbortSignal,
  content: (answer: (value: T | null) => void) => readonly Child[],
): Promise<T | null> {
  const id = `dialog-${(count += 1)}`;
  return new Promise((resolve) => {
    let answer: T | null = null;
    const close = (value: T | null = null) => {
      answer = value;
      dialog.close();
    };
    const dialog = element(
      'dialog',
      { class: 'dialog', 'aria-labelledby': id },
      element('h2', { id }, title),
      ...content(close),
    );
    const abort = () => close();
    dialog.addEventListener('close', () => {
      signal.removeEventListener('abort', abort);
      dialog.remove();
      resolve(answer);
    });
    signal.addEventListener('abort', abort);
    document.body.append(dialog);
    dialog.showModal();
    if (signal.aborted) close();
  });
}
