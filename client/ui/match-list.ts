/** Matches as rows of the lobby: who plays what, and the way there. */
import type { MatchSummary } from '../../protocol/index.ts';
import { element, handFocusOn, type Child } from './element.ts';
import type { AnyScreen } from './game-screen.ts';
import { nameOf } from './names.ts';
import { peopleIn, presentWords } from './presence.ts';
import { hrefOf, matchRoute } from './routes.ts';
import { isWorld, type AnyWorldScreen, type Screens } from './world-screen.ts';

export interface MatchList {
  readonly element: HTMLElement;
  /** @param me one's own authid. */
  draw(matches: readonly MatchSummary[], me: string | null): void;
}

/** Rows stay while they change, so that the focus on their links does. */
export function matchList(screens: Screens): MatchList {
  const list = element('ul', { class: 'match-list' });
  const rows = new Map<string, { readonly row: HTMLElement; readonly drawn: string }>();
  return {
    element: list,
    draw(matches, me) {
      const wanted = matches.flatMap((match) => {
        const drawn = JSON.stringify([match, me]);
        const known = rows.get(match.id);
        if (known?.drawn === drawn) return known.row;
        const screen = screens.get(match.game);
        if (!screen) return []; // a game that this page does not have
        const row = matchRow(screen, match, me, known?.row);
        rows.set(match.id, { row, drawn });
        return row;
      });
      for (const [id, { row }] of rows) {
        if (wanted.includes(row)) continue;
        handFocusOn(row);
        row.remove();
        rows.delete(id);
      }
      for (const [index, row] of wanted.entries())
        if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    },
  };
}

/** @param before the match's row so far, whose link is kept. */
function matchRow(
  screen: AnyScreen | AnyWorldScreen,
  match: MatchSummary,
  me: string | null,
  before: HTMLElement | undefined,
): HTMLElement {
  const row = before ?? element('li', { class: 'match-row', 'data-game': match.game });
  const link = row.querySelector('a') ?? element('a', { class: 'button' });
  const { label, watch } = isWorld(screen) ? wayInto(match, me) : wayTo(match, me);
  link.textContent = label;
  link.href = hrefOf(matchRoute(match.game, match.id, { watch }));
  const { who, about, spoken } = isWorld(screen) ? worldWords(screen, match) : matchWords(screen, match, me);
  link.setAttribute('aria-label', `${label}: ${spoken}`);
  const text = element(
    'div',
    {},
    element('p', { class: 'match-who' }, ...who),
    element('p', { class: 'match-about' }, about),
  );
  if (before) row.querySelector('div')?.replaceWith(text);
  else
    row.append(element('img', { class: 'match-icon', src: screen.icon, alt: '', width: 36, height: 36 }), text, link);
  return row;
}

interface Words {
  readonly who: readonly Child[];
  readonly about: string;
  /** Both, for screen readers. */
  readonly spoken: string;
}

function worldWords({ title }: AnyWorldScreen, match: MatchSummary): Words {
  const about = presentWords(peopleIn(match));
  return { who: [title], about, spoken: `${title}. ${about}` };
}

function matchWords({ title }: AnyScreen, match: MatchSummary, me: string | null): Words {
  const names = match.seats.flatMap(({ player }) => (player === null ? [] : player === me ? 'You' : nameOf(player)));
  const who = names.flatMap((name, index) => (index === 0 ? [name] : [' ', element('span', {}, 'vs'), ` ${name}`]));
  return { who, about: aboutMatch(match, title, me), spoken: `${title}, ${names.join(' vs ')}` };
}

const isIn = ({ seats }: MatchSummary, me: string | null): boolean =>
  me !== null && seats.some(({ player }) => player === me);

const wayInto = (match: MatchSummary, me: string | null) => ({
  label: isIn(match, me) ? 'Return' : 'Enter',
  watch: false,
});

function wayTo(match: MatchSummary, me: string | null): { label: string; watch: boolean } {
  if (isIn(match, me)) return { label: 'Return', watch: false };
  return match.status === 'open' ? { label: 'Join', watch: false } : { label: 'Watch', watch: true };
}

/** `Chess · 2 watching`, `Connect Four · waiting for an opponent`. */
function aboutMatch({ status, seats, spectators }: MatchSummary, title: string, me: string | null): string {
  const isAway = status === 'playing' && seats.some(({ player, connected }) => player !== me && !connected);
  const parts = [
    title,
    status === 'open' && 'waiting for an opponent',
    isAway && 'a player is away',
    spectators > 0 && `${spectators} watching`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}
