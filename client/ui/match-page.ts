/** Opens the match that the address names, or says why it cannot. */
import type { GameTypes } from '../../protocol/index.ts';
import type { Client } from '../client.ts';
import { hasBegun } from '../match/check.ts';
import { JoinError, joinError } from '../match/join-error.ts';
import type { PredictedMatch } from '../match/match.ts';
import type { AnyScreen } from './game-screen.ts';
import { fallbackImage, forgottenNotice, joinNotice } from './join-notices.ts';
import { atEnd } from './lifetime.ts';
import { showMatch } from './match-view.ts';
import { notice } from './notice.ts';
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
  /** Undefined: there is no such game. */
  readonly screen: AnyScreen | undefined;
  readonly stage: Stage;
  readonly router: Router;
  readonly settings: Settings;
  /** Aborted when the page goes. */
  readonly signal: AbortSignal;
}

export function matchPage(setup: MatchPageSetup): void {
  const { route, screen, stage, router } = setup;
  if (screen) return void open(setup, screen);
  const error = new JoinError('no_such_game', `There is no game "${route.game}" here.`);
  stage.show(
    joinNotice(error, fallbackImage, () => router.replace(route)),
    'No such game',
  );
}

async function open(setup: MatchPageSetup, screen: AnyScreen): Promise<void> {
  const { route, client, stage, router, settings, signal } = setup;
  const image = screen.seats[0]?.mark ?? fallbackImage;
  const again = () => router.replace(route);
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
        const page = reason === 'no_such_match' ? forgottenNotice(image) : joinNotice(failure, image, again);
        stage.show(page, screen.title);
      }),
    );
    if (match.seat !== null) rememberMatch(match.id);
    const invited = await isByInvitation(client, match);
    if (!view.signal.aborted)
      showMatch({ client, match, screen, invited, stage, router, settings, signal: view.signal });
  } catch (error) {
    stage.show(joinNotice(joinError(error), image, again), screen.title);
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
