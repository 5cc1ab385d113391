/** Who has how much, the best first: as many as there is room for, and always oneself. */
import { element } from './element.ts';
import { nameOf } from './names.ts';
import type { Score } from './world-screen.ts';

export interface ScoreList {
  readonly element: HTMLElement;
  draw(scores: readonly Score[]): void;
}

/** Rows that are shown. */
const most = 6;

/** @param me one's own player. */
export function scoreList(me: string | null): ScoreList {
  const list = element('ol', { class: 'scores', 'aria-label': 'Scores' });
  let drawn = '';
  return {
    element: list,
    draw(scores) {
      const shown = shownScores(scores, me);
      const text = JSON.stringify(shown);
      if (text === drawn) return;
      drawn = text;
      list.replaceChildren(...shown.map((score) => row(score, score.player === me)));
    },
  };
}

/** @returns the best, and oneself as the last of them where one is not among those. */
export function shownScores(scores: readonly Score[], me: string | null): readonly Score[] {
  const best = scores.slice(0, most);
  const own = scores.find(({ player }) => player === me);
  return own && !best.includes(own) ? [...best.slice(0, -1), own] : best;
}

const row = ({ player, score, color }: Score, isMe: boolean) =>
  element(
    'li',
    { class: 'score', 'data-me': isMe },
    element('span', { class: 'score-mark', style: `background:${color}` }),
    element('span', { class: 'score-name' }, isMe ? 'You' : nameOf(player)),
    element('b', {}, String(score)),
  );
