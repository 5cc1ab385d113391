/** The buttons below the moves: turn the board, copy the link, offer something, resign or leave. */
import type { Agreement, AnyView } from '../../protocol/index.ts';
import { hasBegun } from '../match/check.ts';
import type { AnyMatch } from '../match/match.ts';
import { confirm } from './dialog.ts';
import { button, element, setShown, setText } from './element.ts';

export interface MatchActions {
  readonly element: HTMLElement;
  draw(view: AnyView): void;
}

/** @param canResign whether the game has a move for it; else one leaves, which loses too. */
export function matchActions({
  match,
  canResign,
  flip,
  copy,
  offer,
  resign,
  leave,
  signal,
}: {
  readonly match: AnyMatch;
  readonly canResign: boolean;
  /** Null where the board has no other side. */
  readonly flip: (() => void) | null;
  readonly copy: () => Promise<void>;
  readonly offer: (what: Agreement) => Promise<unknown>;
  readonly resign: () => Promise<unknown>;
  /** Gives the seat up and goes. */
  readonly leave: () => Promise<void>;
  readonly signal: AbortSignal;
}): MatchActions {
  const stop = async () => {
    if (!hasBegun(match.view)) return leave();
    const sure = await confirm(question(canResign), signal);
    if (sure && !match.view.result) await (canResign ? resign() : leave());
  };
  const stopping = button('Resign', stop, { 'data-look': 'danger' });
  const offering = match.game.agreements.map((what) => ({ what, button: button(offers[what], () => offer(what)) }));
  const row = element(
    'div',
    { class: 'match-actions' },
    flip && button('Flip board', flip),
    button('Copy link', copy),
    ...offering.map((one) => one.button),
    stopping,
  );
  return {
    element: row,
    draw(view) {
      setText(stopping, canResign && hasBegun(view) ? 'Resign' : 'Leave');
      const canOffer = match.seat !== null && view.result === null && hasBegun(view);
      for (const { what, button: one } of offering)
        setShown(one, canOffer && !view.offers.some((pending) => pending.what === what));
      setShown(stopping, match.seat !== null && view.result === null);
    },
  };
}

const offers = { draw: 'Offer a draw', takeback: 'Take back' } as const;

const question = (canResign: boolean) =>
  canResign
    ? { title: 'Resign this match?', text: 'Your opponent wins.', yes: 'Resign' }
    : { title: 'Leave this match?', text: 'It ends, and the others win.', yes: 'Leave' };
