/** Pages for matches and worlds that cannot be shown. */
import type { JoinError } from '../match/join-error.ts';
import { button } from './element.ts';
import { notice, reloadButton } from './notice.ts';

/** @param again opens it once more. */
export function joinNotice({ code, message }: JoinError, image: string, again: () => void): HTMLElement {
  switch (code) {
    case 'no_such_match':
      return notice({
        image,
        title: 'This match is gone',
        text: 'It has ended and was cleared away, or the link is not complete.',
      });
    case 'no_such_game':
      return notice({ image, title: 'No such game', text: message });
    case 'outdated_client':
      return notice({
        image,
        title: 'This page is outdated',
        text: 'The game has been updated since the page was opened. Reload it to go on.',
        actions: [reloadButton()],
      });
    default: {
      const retry = button('Try again', again, { 'data-look': 'primary' });
      return notice({ image, title: 'The match cannot be opened', text: message, actions: [retry] });
    }
  }
}

/** For what was being shown when the server lost it. */
export const forgottenNotice = (image: string): HTMLElement =>
  notice({
    image,
    title: 'This match is gone',
    text: 'The server was restarted or has cleared it away. A new match starts from the lobby.',
  });

/** For a world that one's own player has left, by another page. @param again enters it once more. */
export const leftNotice = (text: string, image: string, again: () => void): HTMLElement =>
  notice({
    image,
    title: 'You have left',
    text,
    actions: [button('Come back', again, { 'data-look': 'primary' })],
  });

export const fallbackImage = './favicon.svg';
