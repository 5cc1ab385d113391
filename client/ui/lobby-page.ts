/** The lobby: a card for each game, one's own unfinished matches, and what others play right now. */
import type { MatchSummary } from '../../protocol/index.ts';
import type { Client } from '../client.ts';
import type { Status } from '../connection/status.ts';
import { element, setShown, setText } from './element.ts';
import { gameCard, type GameCard } from './game-card.ts';
import { atEnd } from './lifetime.ts';
import { matchList } from './match-list.ts';
import { unfinishedMatches } from './own-matches.ts';
import { matchRoute } from './routes.ts';
import type { Router, Stage } from './router.ts';
import { isWorld, type Screens } from './world-screen.ts';

export function lobbyPage({
  client,
  screens,
  stage,
  router,
  signal,
}: {
  readonly client: Client;
  readonly screens: Screens;
  readonly stage: Stage;
  readonly router: Router;
  readonly signal: AbortSignal;
}): void {
  const cards = [...screens.values()].map((screen): GameCard => {
    const { name } = screen.rules.game;
    return gameCard(screen, { client, play: (match) => signal.aborted || router.go(matchRoute(name, match)) });
  });
  const own = ownMatches(client, screens);
  const live = liveMatches(client, screens);
  atEnd(
    signal,
    client.lobby.watch((matches) => {
      live.draw(matches);
      for (const card of cards) card.draw(matches);
    }),
  );
  // Again with every connection: they may have ended meanwhile.
  const look = ({ state }: Status) => state === 'online' && void own.look();
  atEnd(signal, client.onStatus(look));
  look(client.status);

  const page = element(
    'div',
    { class: 'lobby' },
    element(
      'section',
      { class: 'hero' },
      element('h1', {}, 'A game, and someone to play.'),
      element(
        'p',
        {},
        'Start at once with whoever is here, with the computer, or with a friend by link. No account needed.',
      ),
    ),
    own.element,
    element(
      'section',
      { 'aria-labelledby': 'games-title' },
      element('h2', { class: 'visually-hidden', id: 'games-title' }, 'Games'),
      element('ul', { class: 'games' }, ...cards.map((card) => card.element)),
    ),
    live.element,
    element(
      'footer',
      { class: 'site-footer' },
      element('p', {}, 'Realmkit is an open framework for multiplayer games in the browser.'),
    ),
  );
  stage.show(page, '');
}

const authid = ({ status }: Client): string | null => (status.state === 'online' ? status.authid : null);

/** Hidden while there is none. */
function ownMatches(client: Client, screens: Screens) {
  const list = matchList(screens);
  const head = element('div', { class: 'section-head' }, element('h2', { id: 'own-title' }, 'Your matches'));
  const section = element('section', { 'aria-labelledby': 'own-title', hidden: true }, head, list.element);
  const look = async () => {
    const matches = await unfinishedMatches(client);
    const me = authid(client);
    const mine = matches.filter(({ seats }) => seats.some(({ player }) => player !== null && player === me));
    list.draw(mine, me);
    setShown(section, mine.length > 0);
  };
  return { element: section, look };
}

/** The public matches, one's own among them. */
function liveMatches(client: Client, screens: Screens) {
  const list = matchList(screens);
  const empty = element(
    'p',
    { class: 'empty' },
    'Nobody is playing right now. Start a match, and others can watch it here.',
  );
  const count = element('p');
  const section = element(
    'section',
    { 'aria-labelledby': 'live-title' },
    element('div', { class: 'section-head' }, element('h2', { id: 'live-title' }, 'Live matches'), count),
    list.element,
    empty,
  );
  const draw = (matches: readonly MatchSummary[]) => {
    // Where everybody has left there is nobody to play with or to watch.
    const shown = matches.filter(
      ({ status, seats }) => status !== 'over' && seats.some(({ player }) => player !== null),
    );
    const isPlayed = ({ game, status }: MatchSummary) => {
      const screen = screens.get(game);
      return status === 'playing' || (screen !== undefined && isWorld(screen));
    };
    const playing = shown.filter(isPlayed).length;
    setText(count, playing === 0 ? '' : `${playing} being played`);
    list.draw(shown, authid(client));
    setShown(list.element, shown.length > 0);
    setShown(empty, shown.length === 0);
  };
  draw([]);
  return { element: section, draw };
}
