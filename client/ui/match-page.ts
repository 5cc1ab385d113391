/** Opens the match that the address names, or says why it cannot. */
import type { GameTypes } from '../../protocol/index.ts';
import type { Client } from '../client.ts';
import { hasBegun } from '../match/check.ts';
import { JoinError, joinError } from '../match/join-error.ts';
import type { PredictedMatch } from '../match/match.ts';
import { button } from './element.ts';
import type { AnyScreen, Screens } from './game-screen.ts';
import { atEnd } from './lifetime.ts';
import { showMatch } from './match-view.ts';
import { notice, reloadButton } from './notice.ts';
import { forgetMatch, rememberMatch } from './own-matches.ts';
import type { MatchRoute } from './routes.ts';
import type { Router, Stage } from './router.ts';
import type { Settings } from './settings.ts';
import { toast } from './toast.ts';

/** How long joining may take before the page says that it waits, milliseconds. */
const patienceMs = 300;

export interface MatchPageSetup {
  readonly route: MatchRoute;
  readonly client: Client;
  readonly screens: Screens;
  readonly stage: Stage;
  readonly router: Router;
  readonly settings: Settings;
  /** Aborted when the page goes. */
  readonly signal: AbortSignal;
}

export function matchPage(setup: MatchPageSetup): void {
  const { route, screens, stage } = setup;
  const screen = screens.get(route.game);
  if (screen) void open(setup, screen);
  else
    stage.show(
      noticeFor(new JoinError('no_such_game', `There is no game "${route.game}" here.`), fallbackImage, setup),
      'No such game',
    );
}

async function open(setup: MatchPageSetup, screen: AnyScreen): Promise<void> {
  const { route, client, stage, router, settings, signal } = setup;
  const image = screen.seats[0]?.mark ?? fallbackImage;
  const opening = () =>
    stage.show(notice({ image, title: 'Opening the match…', text: 'This takes a moment.' }), screen.title);
  const impatient = setTimeout(opening, patienceMs);
  try {
    const match = await joinOrWatch(client, screen, route).finally(() => clearTimeout(impatient));
    if (signal.aborted) return match.detach();
    // Its own page from now on: whatever ends it, the place on the page is another's.
    const view = new AbortController();
    atEnd(signal, () => {
      view.abort();
      match.detach();
    });
    atEnd(
      signal,
      match.onGone(({ reason, message }) => {
        view.abort();
        forgetMatch(match.id);
        const failure = new JoinError(reason, message);
        const page = reason === 'no_such_match' ? forgotten(image) : noticeFor(failure, image, setup);
        stage.show(page, screen.title);
      }),
    );
    if (match.seat !== null) rememberMatch(match.id);
    const invited = await isByInvitation(client, match);
    if (!view.signal.aborted)
      showMatch({ client, match, screen, invited, stage, router, settings, signal: view.signal });
  } catch (error) {
    stage.show(noticeFor(joinError(error), image, setup), screen.title);
  }
}

/** Sits down where a seat is free or one's own; watches where there is none. */
async function joinOrWatch(
  client: Client,
  { rules }: AnyScreen,
  { match: id, watch }: MatchPageSetup['route'],
): Promise<PredictedMatch<GameTypes>> {
  const watching = () => client.join(rules.game, { rules, match: { id }, watch: true });
  if (watch) return watching();
  try {
    return await client.join(rules.game, { rules, match: { id } });
  } catch (error) {
    if (!(error instanceof JoinError) || (error.code !== 'full' && error.code !== 'over')) throw error;
    const match = await watching();
    toast(error.code === 'full' ? 'Every seat is taken, so you are watching.' : 'This match is over.');
    return match;
  }
}

/** Only a match that waits for players is asked about: it decides whom one waits for. */
async function isByInvitation(client: Client, { id, view }: PredictedMatch<GameTypes>): Promise<boolean> {
  if (view.result || hasBegun(view)) return false;
  return client.lobby.find(id).then(
    ({ listed }) => !listed,
    () => false,
  );
}

const fallbackImage = './favicon.svg';

/** The page for a match that was being shown when the server lost it. */
const forgotten = (image: string) =>
  notice({
    image,
    title: 'This match is gone',
    text: 'The server was restarted or has cleared it away. A new match starts from the lobby.',
  });

/** The page for a match that cannot be shown. */
function noticeFor({ code, message }: JoinError, image: string, { route, router }: MatchPageSetup): HTMLElement {
  switch (code) {
    case 'no_such_match':
      return notice({
        image,
        title: 'This match is gone',
        text: 'It has ended and was cleared away, or the link is not complete.',
      });
    case 'no_such_game':
      return notice({ image, title: 'No such game', text: message });
    case 'outdated_client':
      return notice({
        image,
        title: 'This page is outdated',
        text: 'The game has been updated since the page was opened. Reload it to go on.',
        actions: [reloadButton()],
      });
    default: {
      const again = button('Try again', () => router.replace(route), { 'data-look': 'primary' });
      return notice({ image, title: 'The match cannot be opened', text: message, actions: [again] });
    }
  }
}
