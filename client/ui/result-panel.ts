/** How the match ended, and the way to another one. Its buttons change their words and stay where they are, so that the focus does. */
import type { AnyView } from '../../protocol/index.ts';
import type { AnyMatch } from '../match/match.ts';
import type { AnyOutcome } from '../match/requests.ts';
import { button, element, setAttributes, setShown, setText } from './element.ts';
import { resultWords, type Wording } from './match-words.ts';
import { hrefOf, lobby, matchRoute } from './routes.ts';

export interface ResultPanel {
  readonly element: HTMLElement;
  draw(view: AnyView): void;
}

/** What the two buttons of a rematch offer. */
interface Offer {
  readonly note: string;
  /** Null: no button. `send` null: it only waits. */
  readonly primary: { readonly label: string; readonly send: (() => Promise<AnyOutcome>) | null } | null;
  readonly secondary: { readonly label: string; readonly send: () => Promise<AnyOutcome> } | null;
}

/** @param done waits for what was asked of the match, and says why it was refused, if it was. */
export function resultPanel(
  match: AnyMatch,
  wording: Wording,
  done: (asked: Promise<AnyOutcome>) => Promise<boolean>,
): ResultPanel {
  const title = element('h2');
  const note = element('p');
  let offer: Offer = { note: '', primary: null, secondary: null };
  const send = (which: 'primary' | 'secondary') => {
    const asked = offer[which]?.send?.();
    if (asked) void done(asked);
  };
  const primary = button('', () => send('primary'), { 'data-look': 'primary' });
  const secondary = button('', () => send('secondary'));
  const next = element('a', { class: 'button', 'data-look': 'primary' });
  const buttons = element(
    'div',
    { class: 'result-buttons' },
    primary,
    secondary,
    next,
    element('a', { class: 'button', href: hrefOf(lobby) }, 'Lobby'),
  );
  const panel = element('section', { class: 'result', 'aria-label': 'Result', hidden: true }, title, note, buttons);

  return {
    element: panel,
    draw(view) {
      setShown(panel, view.result !== null);
      if (!view.result) return;
      const words = resultWords(wording, view.result, match.seat);
      setAttributes(panel, { 'data-outcome': words.outcome });
      setText(title, words.title);
      offer = offerIn(view, match, wording);
      setText(note, offer.note);
      setShown(note, offer.note !== '');
      for (const [which, label] of [
        [primary, offer.primary?.label],
        [secondary, offer.secondary?.label],
      ] as const) {
        setText(which, label ?? '');
        setShown(which, label !== undefined);
      }
      const isWaiting = offer.primary?.send === null;
      setAttributes(primary, { 'aria-busy': isWaiting && 'true', 'aria-disabled': isWaiting && 'true' });
      drawNext(next, view, match);
    },
  };
}

function offerIn({ rematch }: AnyView, match: AnyMatch, { seats }: Wording): Offer {
  const { seat } = match;
  if (seat === null || rematch.match !== null) return { note: '', primary: null, secondary: null };
  if (rematch.wantedBy.includes(seat)) {
    return {
      note: 'You have asked for a rematch.',
      primary: { label: 'Asked', send: null },
      secondary: { label: 'Take back', send: () => match.answer('rematch', false) },
    };
  }
  const [other] = rematch.wantedBy;
  if (other === undefined)
    return { note: '', primary: { label: 'Rematch', send: () => match.offer('rematch') }, secondary: null };
  return {
    note: `${seats[other]?.name ?? 'Your opponent'} asks for a rematch.`,
    primary: { label: 'Play again', send: () => match.answer('rematch', true) },
    secondary: { label: 'Decline', send: () => match.answer('rematch', false) },
  };
}

/** Players are taken to the rematch as it appears; this is for spectators, and for who comes back to a match long over. */
function drawNext(link: HTMLAnchorElement, { rematch }: AnyView, match: AnyMatch): void {
  setShown(link, rematch.match !== null);
  if (rematch.match === null) return;
  const watch = match.seat === null;
  setText(link, watch ? 'Watch the rematch' : 'To the rematch');
  setAttributes(link, { href: hrefOf(matchRoute(match.game.name, rematch.match, { watch })) });
}
