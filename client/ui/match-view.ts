/** The match page once the match is there: seats, board, status, result, moves and buttons, all drawn from the view. */
import type { GameTypes, MoveCall } from '../../protocol/index.ts';
import type { Client } from '../client.ts';
import { hasBegun } from '../match/check.ts';
import type { PredictedMatch } from '../match/match.ts';
import type { AnyOutcome } from '../match/requests.ts';
import { MatchGoneError } from '../match/status.ts';
import { messageOf } from '../message-of.ts';
import { announce } from './announcer.ts';
import { startCanvas } from './canvas.ts';
import { claimPanel } from './claim-panel.ts';
import { countdownOf, tick } from './clock-face.ts';
import { copyLink } from './copy-link.ts';
import { element } from './element.ts';
import type { AnyScreen } from './game-screen.ts';
import { atEnd } from './lifetime.ts';
import { matchActions } from './match-actions.ts';
import { newsWords, refusalWords, statusWords } from './match-words.ts';
import { mirrorGrid } from './mirror.ts';
import { moveList } from './move-list.ts';
import { offersPanel } from './offers-panel.ts';
import { resultPanel } from './result-panel.ts';
import { linkOf, lobby, matchRoute } from './routes.ts';
import type { Router, Stage } from './router.ts';
import { seatLook, seatPanel } from './seat-panel.ts';
import type { Settings } from './settings.ts';
import { statusLine } from './status-line.ts';
import { MatchTable } from './table.ts';
import { showToTests } from './test-handle.ts';
import { toast } from './toast.ts';
import { waitingNotice } from './waiting-notice.ts';

export interface MatchViewSetup {
  readonly client: Client;
  readonly match: PredictedMatch<GameTypes>;
  readonly screen: AnyScreen;
  /** Whether only who has the link finds the match. */
  readonly invited: boolean;
  readonly stage: Stage;
  readonly router: Router;
  readonly settings: Settings;
  /** Aborted when the page goes. */
  readonly signal: AbortSignal;
}

export function showMatch({ client, match, screen, invited, stage, router, settings, signal }: MatchViewSetup): void {
  const { game, behaviour } = screen.rules;
  const route = matchRoute(game.name, match.id);
  const me =
    client.status.state === 'online' ? client.status.authid : (match.view.seats[match.seat ?? -1]?.player ?? null);

  const complain = (why: string) => {
    if (signal.aborted) return;
    status.refuse(why, match.view.version);
    toast(why, { tone: 'error', silent: true });
  };
  /** Whether what was asked of the match has been done; if not, the page says why. */
  const done = async (asked: Promise<AnyOutcome>): Promise<boolean> => {
    try {
      const outcome = await asked;
      if (!outcome.ok) complain(refusalWords(screen, outcome.error));
      return outcome.ok;
    } catch (error) {
      if (!(error instanceof MatchGoneError)) complain(`That was not done: ${messageOf(error)}`);
      return false;
    }
  };
  const play = (move: MoveCall<GameTypes>) => done(match.play(move));
  const leave = async () => {
    try {
      await match.leave();
      if (!signal.aborted) router.go(lobby);
    } catch (error) {
      complain(`You have not left: ${messageOf(error)}`);
    }
  };
  const playComputer = async () => {
    try {
      const next = await client.lobby.create(game, { opponent: 'computer' });
      if (hasBegun(match.view)) return; // somebody has sat down meanwhile: to leave now would be to lose
      await match.leave();
      if (!signal.aborted) router.replace(matchRoute(game.name, next));
    } catch (error) {
      toast(messageOf(error), { tone: 'error' });
    }
  };

  const table = new MatchTable(match, { play, signal });
  const control = screen.control(table);
  const far = seatPanel('far');
  const near = seatPanel('near');
  const mirror = mirrorGrid(control);
  const status = statusLine();
  const moves = screen.notation && moveList();
  const waiting = waitingNotice({ route, invited, playComputer, signal });
  const result = resultPanel(match, screen, done);
  const offers = offersPanel(match, screen, done);
  const claim = claimPanel(match, screen, done);
  const actions = matchActions({
    match,
    canResign: behaviour.anyTime?.includes('resign') ?? false,
    flip: screen.flips ? () => table.flip() : null,
    copy: () => copyLink(linkOf(route), signal),
    offer: (what) => done(match.offer(what)),
    resign: () => play({ move: 'resign', args: {} }),
    leave,
    signal,
  });

  const panels = () => {
    const others = [...match.view.seats.keys()].filter((other) => other !== table.perspective);
    return [
      { panel: near, of: table.perspective },
      { panel: far, of: others[0] ?? table.perspective },
    ];
  };
  const drawTime = () => {
    for (const { panel, of } of panels()) panel.tick(countdownOf(match.view, of, match.now));
    claim.draw(match.view, match.now);
  };
  const draw = () => {
    const { view, seat } = match;
    for (const { panel, of } of panels()) panel.draw(seatLook(screen, view, of, me));
    drawTime();
    offers.draw(view);
    status.draw(statusWords(screen, view, seat, screen.narrate(view)), view.version);
    moves?.draw(screen.notation?.(view) ?? []);
    waiting.draw({ isOpen: !view.result && !hasBegun(view), seat });
    result.draw(view);
    actions.draw(view);
  };

  const canvas = element('div', { class: 'board-canvas' });
  const article = element(
    'article',
    { class: 'match', 'data-game': game.name },
    element('h1', { class: 'visually-hidden' }, screen.title),
    far.element,
    element('div', { class: 'board' }, canvas, mirror.element, waiting.element),
    near.element,
    element(
      'div',
      { class: 'panel' },
      status.element,
      claim.element,
      offers.element,
      result.element,
      moves?.element,
      actions.element,
    ),
  );
  stage.show(article, screen.title);
  draw();
  const drawn = startCanvas({
    parent: canvas,
    scene: screen.scene(table, control),
    client,
    renderer: settings.renderer,
    signal,
  });

  tick(match, drawTime, signal);
  atEnd(signal, table.onFlip(draw));
  atEnd(
    signal,
    match.onView((view, previous) => {
      draw();
      const news = newsWords(screen, view, previous, match.seat);
      if (news !== '') announce(news);
      const next = view.rematch.match;
      if (next !== null && previous.rematch.match === null && match.seat !== null)
        router.replace(matchRoute(game.name, next));
    }),
  );
  atEnd(signal, mirror.dispose);
  atEnd(signal, () => control.dispose());
  showToTests(match, drawn, signal);
}
