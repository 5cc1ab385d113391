/** Figures of a world's network, for developers. */
import type { WorldHealth } from '../world/world-match.ts';
import { element, setShown, setText } from './element.ts';
import { atEnd } from './lifetime.ts';

/** How often it is written anew, milliseconds. */
const everyMs = 1_000;

export interface DebugPanel {
  readonly element: HTMLElement;
  /** Shows it, or hides it. @returns whether it shows. */
  toggle(): boolean;
}

/** @param health asked for once a second while the panel shows; what it shows first is since it was hidden. */
export function debugPanel(health: () => WorldHealth, signal: AbortSignal): DebugPanel {
  const list = element('dl', { class: 'debug', hidden: true, 'aria-label': 'Network' });
  let before = { at: performance.now(), health: health() };
  const write = () => {
    const now = { at: performance.now(), health: health() };
    const lines = debugLines(now.health, before.health, (now.at - before.at) / 1000);
    before = now;
    if (list.childElementCount === 0)
      list.append(...lines.map(([label]) => element('div', {}, element('dt', {}, label), element('dd'))));
    for (const [index, value] of [...list.querySelectorAll('dd')].entries()) setText(value, lines[index]![1]);
  };
  const timer = setInterval(() => list.hidden || write(), everyMs);
  atEnd(signal, () => clearInterval(timer));
  return {
    element: list,
    toggle() {
      if (list.hidden) write();
      setShown(list, Boolean(list.hidden));
      return !list.hidden;
    },
  };
}

/** What the panel says. @param seconds between the two. */
export function debugLines(
  now: WorldHealth,
  before: WorldHealth,
  seconds: number,
): readonly (readonly [label: string, value: string])[] {
  const perSecond = (of: (health: WorldHealth) => number) => (of(now) - of(before)) / seconds;
  return [
    ['Round trip', now.roundTripMs === null ? 'not known yet' : `${Math.round(now.roundTripMs)} ms`],
    ['Others are drawn', `${Math.round(now.delayMs)} ms late`],
    ['Corrections', `${perSecond(({ corrections }) => corrections).toFixed(1)} a second`],
    ['Resyncs', `${now.resyncs}`],
    ['State received', `${Math.round(perSecond(({ receivedBytes }) => receivedBytes))} B a second`],
  ];
}
