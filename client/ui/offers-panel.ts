/** What players have offered one another during the match, with the buttons that answer it. They keep their places, so that the focus does. */
import type { Agreement, AnyView } from '../../protocol/index.ts';
import type { AnyMatch } from '../match/match.ts';
import type { AnyOutcome } from '../match/requests.ts';
import { button, element, setShown, setText } from './element.ts';
import { offerWords, type Wording } from './match-words.ts';

export interface OffersPanel {
  readonly element: HTMLElement;
  draw(view: AnyView): void;
}

/** @param done waits for what was asked of the match, and says why it was refused, if it was. */
export function offersPanel(
  match: AnyMatch,
  wording: Wording,
  done: (asked: Promise<AnyOutcome>) => Promise<boolean>,
): OffersPanel {
  const rows = match.game.agreements.map((what) => offerRow(what, match, wording, done));
  const panel = element('div', { class: 'offers' }, ...rows.map((row) => row.element));
  return { element: panel, draw: (view) => rows.forEach((row) => row.draw(view)) };
}

function offerRow(
  what: Agreement,
  match: AnyMatch,
  wording: Wording,
  done: (asked: Promise<AnyOutcome>) => Promise<boolean>,
): OffersPanel {
  const text = element('p');
  const accept = button('Accept', () => done(match.answer(what, true)), { 'data-look': 'primary' });
  const decline = button('Decline', () => done(match.answer(what, false)));
  const row = element('section', { class: 'offer', 'aria-label': 'Offer', hidden: true }, text, accept, decline);
  return {
    element: row,
    draw({ offers }) {
      const offer = offers.find((one) => one.what === what);
      setShown(row, offer !== undefined);
      if (!offer) return;
      const agrees = match.seat !== null && offer.wantedBy.includes(match.seat);
      setText(text, offerWords(wording, offer, match.seat));
      setShown(accept, match.seat !== null && !agrees);
      setShown(decline, match.seat !== null);
      setText(decline, agrees ? 'Withdraw' : 'Decline');
    },
  };
}
