/** Enters the world that the address names, or says why it cannot. Who goes to another page leaves the world. */
import type { WorldTypes } from '../../protocol/index.ts';
import type { Client } from '../client.ts';
import { JoinError, joinError } from '../match/join-error.ts';
import type { WorldMatch } from '../world/world-match.ts';
import { forgottenNotice, joinNotice, leftNotice } from './join-notices.ts';
import { atEnd } from './lifetime.ts';
import { notice } from './notice.ts';
import type { MatchRoute } from './routes.ts';
import type { Router, Stage } from './router.ts';
import type { Settings } from './settings.ts';
import type { AnyWorldScreen } from './world-screen.ts';
import { showWorld } from './world-view.ts';

/** How long entering may take before the page says that it waits, milliseconds. */
const patienceMs = 300;

export interface WorldPageSetup {
  readonly route: MatchRoute;
  readonly client: Client;
  readonly screen: AnyWorldScreen;
  readonly stage: Stage;
  readonly router: Router;
  readonly settings: Settings;
  /** Aborted when the page goes. */
  readonly signal: AbortSignal;
}

export async function worldPage(setup: WorldPageSetup): Promise<void> {
  const { route, client, screen, stage, router, signal } = setup;
  const { title, icon: image, rules } = screen;
  const opening = () => stage.show(notice({ image, title: 'On the way…', text: 'This takes a moment.' }), title);
  const impatient = setTimeout(opening, patienceMs);
  const again = () => router.replace(route);
  const refuse = (error: JoinError) => stage.show(joinNotice(error, image, again), title);
  try {
    const how = { rules, match: { id: route.match } };
    const match = await client.enter(rules.game, how).finally(() => clearTimeout(impatient));
    if (signal.aborted) return leave(match);
    const view = new AbortController();
    atEnd(signal, () => {
      view.abort();
      leave(match);
    });
    atEnd(
      signal,
      match.onGone(({ reason, message }) => {
        view.abort();
        if (reason === 'no_such_match') stage.show(forgottenNotice(image), title);
        else if (reason === 'no_seat') stage.show(leftNotice(message, image, again), title);
        else refuse(new JoinError(reason, message));
      }),
    );
    showWorld({ ...setup, match, signal: view.signal });
  } catch (error) {
    refuse(joinError(error));
  }
}

/** Nobody waits for it: where it fails, the world takes the player away after a while. */
const leave = (match: WorldMatch<WorldTypes>): void => void match.leave().catch(() => match.detach());
