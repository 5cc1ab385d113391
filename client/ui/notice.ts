/** A page that has only something to say. */
import { button, element, type Child } from './element.ts';
import { hrefOf, lobby } from './routes.ts';

export const notice = ({
  image,
  title,
  text,
  actions = [],
}: {
  readonly image: string;
  readonly title: string;
  readonly text: string;
  /** Beside the way to the lobby. */
  readonly actions?: readonly Child[];
}): HTMLElement =>
  element(
    'div',
    { class: 'notice' },
    element('img', { src: image, alt: '', width: 96, height: 96 }),
    element('h1', {}, title),
    element('p', {}, text),
    ...actions,
    element(
      'a',
      { class: 'button', 'data-look': actions.length === 0 && 'primary', href: hrefOf(lobby) },
      'Back to the lobby',
    ),
  );

export const reloadButton = (): HTMLElement =>
  button('Reload the page', () => location.reload(), { 'data-look': 'primary' });
