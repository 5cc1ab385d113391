/** The buttons below the moves: turn the board, copy the link, resign or leave. */
import type { AnyView } from '../../protocol/index.ts';
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
  resign,
  leave,
  signal,
}: {
  readonly match: AnyMatch;
  readonly canResign: boolean;
  /** Null where the board has no other side. */
  readonly flip: (() => void) | null;
  readonly copy: () => Promise<void>;
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
  const row = element(
    'div',
    { class: 'match-actions' },
    flip && button('Flip board', flip),
    button('Copy link', copy),
    stopping,
  );
  return {
    element: row,
    draw(view) {
      setText(stopping, canResign && hasBegun(view) ? 'Resign' : 'Leave');
      setShown(stopping, match.seat !== null && view.result === null);
    },
  };
}

const question = (canResign: boolean) =>
  canResign
    ? { title: 'Resign this match?', text: 'Your opponent wins.', yes: 'Resign' }
    : { title: 'Leave this match?', text: 'It ends, and the others win.', yes: 'Leave' };
