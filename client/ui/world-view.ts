/** The page of a world once one is in it: the canvas fills the place; scores, status and buttons lie over it. */
import type { WorldTypes } from '../../protocol/index.ts';
import type { WorldStatus } from '../match/status.ts';
import type { WorldMatch } from '../world/world-match.ts';
import { announce } from './announcer.ts';
import { startCanvas } from './canvas.ts';
import { copyLink } from './copy-link.ts';
import { debugPanel } from './debug-panel.ts';
import { button, element, setAttributes, setShown, setText } from './element.ts';
import { atEnd } from './lifetime.ts';
import { nameOf } from './names.ts';
import { linkOf, lobby, matchRoute } from './routes.ts';
import { scoreList } from './score-list.ts';
import { showWorldToTests } from './test-handle.ts';
import { toast } from './toast.ts';
import { actionButton, worldInput } from './world-input.ts';
import type { WorldPageSetup } from './world-page.ts';
import type { Ground } from './world-screen.ts';

/** How often what is written over the canvas is looked at, and what is there in words, milliseconds. */
const everyMs = { line: 200, words: 1_000 };

/** What is said over the canvas of how things stand. */
const notices: { readonly [S in WorldStatus['state']]: string } = {
  live: '',
  gone: '',
  catching_up: 'Reconnecting…',
  steered_elsewhere: 'You play in another tab. Steer here to go on here.',
};

const motion = matchMedia('(prefers-reduced-motion: reduce)');

interface WorldViewSetup extends WorldPageSetup {
  readonly match: WorldMatch<WorldTypes>;
}

export function showWorld({ client, match, screen, stage, router, settings, signal }: WorldViewSetup): void {
  const { title } = screen;
  const ground: Ground<WorldTypes> = {
    match,
    get still() {
      return motion.matches;
    },
    say: (text, how) => (how?.read ? announce(text) : toast(text)),
    nameOf,
  };
  const control = screen.control(ground);
  const look = () => announce(control.surroundings);
  const canvas = element('div', { class: 'world-canvas' });
  const words = element('p', { class: 'visually-hidden', id: 'world-words' });
  const area = element('div', {
    class: 'world-ground',
    tabindex: 0,
    role: 'application',
    'aria-label': `${title}: arrow keys or W, A, S, D to go, Space: ${screen.action}, L: what is around you`,
    'aria-describedby': words.id,
  });
  const stick = worldInput({ ground: area, control, look, signal });
  const status = element('p', { class: 'world-status' });
  const scores = scoreList(match.player);
  const debug = debugPanel(() => match.health, signal);
  const act = actionButton(screen.action, control);
  const notice = element('p', { class: 'world-notice', hidden: true });
  const figures = button('Network', () => setAttributes(figures, { 'aria-pressed': String(debug.toggle()) }), {
    'aria-pressed': 'false',
  });
  const article = element(
    'article',
    { class: 'world', 'data-game': match.game.name },
    element('h1', { class: 'visually-hidden' }, title),
    canvas,
    area,
    words,
    stick,
    element('div', { class: 'world-side' }, scores.element, debug.element),
    status,
    notice,
    act,
    element(
      'div',
      { class: 'world-actions' },
      figures,
      button('Copy link', () => copyLink(linkOf(matchRoute(match.game.name, match.id)), signal)),
      button('Leave', () => router.go(lobby)),
    ),
  );
  const draw = () => {
    setText(status, control.status);
    scores.draw(control.scores);
    act.ariaDisabled = String(!control.canAct);
    const said = notices[match.status.state];
    setShown(notice, said !== '');
    setText(notice, said);
  };
  stage.show(article, title);
  draw();
  setText(words, control.surroundings);
  area.focus({ preventScroll: true });
  const scene = screen.scene(ground, control);
  const drawn = startCanvas({ parent: canvas, scene, client, renderer: settings.renderer, signal });

  const timers = [
    setInterval(draw, everyMs.line),
    setInterval(() => setText(words, control.surroundings), everyMs.words),
  ];
  atEnd(signal, () => timers.forEach(clearInterval));
  atEnd(signal, match.onStatus(draw));
  atEnd(signal, () => control.dispose());
  showWorldToTests(match, drawn, signal);
}
