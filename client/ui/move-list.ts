/** The moves so far, two a line. The last one is kept in sight: on phones the list is one line that scrolls sideways. */
import { element } from './element.ts';

export interface MoveList {
  readonly element: HTMLElement;
  draw(moves: readonly string[]): void;
}

export function moveList(): MoveList {
  const list = element('ol', { class: 'moves', 'aria-label': 'Moves' });
  let drawn: readonly string[] = [];
  return {
    element: list,
    draw(moves) {
      if (moves.length === drawn.length && moves.at(-1) === drawn.at(-1)) return;
      drawn = moves;
      list.replaceChildren(...lines(moves));
      list.scrollTo({ left: list.scrollWidth, top: list.scrollHeight });
    },
  };
}

const lines = (moves: readonly string[]): HTMLElement[] =>
  Array.from({ length: Math.ceil(moves.length / 2) }, (_, line) => {
    const pair = moves.slice(2 * line, 2 * line + 2);
    const isLast = (index: number) => 2 * line + index === moves.length - 1;
    const spans = pair.map((move, index) =>
      element('span', { class: 'move', 'aria-current': isLast(index) && 'true' }, move),
    );
    return element('li', {}, element('span', { class: 'move-number' }, `${line + 1}.`), ...spans);
  });
