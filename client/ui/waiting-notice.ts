/** Stands across the board until every seat is taken: how to get an opponent. */
import { copyRow } from './copy-link.ts';
import { button, element, setShown } from './element.ts';
import { hrefOf, linkOf, type MatchRoute } from './routes.ts';

export interface WaitingNotice {
  readonly element: HTMLElement;
  /** @param seat one's own; null while watching. */
  draw(state: { readonly isOpen: boolean; readonly seat: number | null }): void;
}

/** @param invited whether only who has the link can come. @param playComputer starts a match against it instead. */
export function waitingNotice({
  route,
  invited,
  playComputer,
  signal,
}: {
  readonly route: MatchRoute;
  readonly invited: boolean;
  readonly playComputer: () => Promise<void>;
  readonly signal: AbortSignal;
}): WaitingNotice {
  const box = element('div', {});
  const cover = element('div', { class: 'board-notice', hidden: true }, box);
  const plain = { ...route, watch: false };
  let drawnFor: number | null | undefined;

  const content = (seat: number | null): readonly Node[] => {
    if (seat === null) {
      return [
        element('h2', {}, 'Waiting for players'),
        element('p', {}, 'There is a free seat.'),
        element('a', { class: 'button', 'data-look': 'primary', href: hrefOf(plain) }, 'Sit down and play'),
      ];
    }
    return [
      element('h2', {}, invited ? 'Waiting for a friend' : 'Waiting for an opponent'),
      element(
        'p',
        {},
        invited
          ? 'Send this link. The match starts when it is opened.'
          : 'Whoever plays next is your opponent. You can also send this link.',
      ),
      copyRow(linkOf(plain), signal),
      button('Play the computer instead', playComputer),
    ];
  };
  return {
    element: cover,
    draw({ isOpen, seat }) {
      setShown(cover, isOpen);
      if (!isOpen || drawnFor === seat) return;
      drawnFor = seat;
      box.replaceChildren(...content(seat));
    },
  };
}
