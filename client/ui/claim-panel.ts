/** Says that somebody does not come back, with the buttons that end the match for it; who presses none goes on waiting. */
import { lostSeats, type AnyView, type Claim } from '../../protocol/index.ts';
import type { AnyMatch } from '../match/match.ts';
import type { AnyOutcome } from '../match/requests.ts';
import { announce } from './announcer.ts';
import { button, element, setShown, setText } from './element.ts';
import { absenceWords, type Wording } from './match-words.ts';

export interface ClaimPanel {
  readonly element: HTMLElement;
  /** @param now match time, ms. */
  draw(view: AnyView, now: number): void;
}

const labels: { readonly [C in Claim]: string } = { win: 'Claim the win', draw: 'Call it a draw' };

/** @param done waits for what was asked of the match, and says why it was refused, if it was. */
export function claimPanel(
  match: AnyMatch,
  wording: Wording,
  done: (asked: Promise<AnyOutcome>) => Promise<boolean>,
): ClaimPanel {
  const text = element('p');
  const buttons = match.game.claims.map((what) => button(labels[what], () => done(match.claim(what))));
  const row = element('section', { class: 'offer absence', 'aria-label': 'Absence', hidden: true }, text, ...buttons);
  return {
    element: element('div', { class: 'offers' }, row),
    draw(view, now) {
      const lost = view.result || match.seat === null ? [] : lostSeats(view.seats, now);
      const isShown = buttons.length > 0 && lost.length > 0;
      if (isShown) setText(text, absenceWords(wording, lost));
      if (isShown && row.hidden) announce(text.textContent);
      setShown(row, isShown);
    },
  };
}
