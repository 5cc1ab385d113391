/** Ties what a scene draws to a match, for as long as the scene lives. */
import type { FrameworkCode, GameTypes, View } from '../../protocol/index.ts';
import type { Off } from '../listeners.ts';
import type { Match } from '../match/match.ts';
import type { Gone, MatchStatus } from '../match/status.ts';

/** What we use of a Phaser.Scene. */
export interface BoundScene {
  readonly events: {
    once(event: string, listener: () => void): unknown;
    off(event: string, listener: () => void): unknown;
  };
}

export interface Binding<G extends GameTypes> {
  /** Draws: at once, with null for what was before, then every new view. */
  view?(view: View<G>, previous: View<G> | null): void;
  /** The game's events, after the view that came with them has been drawn. */
  readonly on?: { readonly [K in keyof G['eventViews']]?: (data: G['eventViews'][K]) => void };
  /** At once, then every change. */
  status?(status: MatchStatus): void;
  gone?(gone: Gone<FrameworkCode>): void;
}

/** Phaser.Scenes.Events; Phaser itself is not loaded here. */
const ends = ['shutdown', 'destroy'];

/**
 * Listens to a match until the scene shuts down or is destroyed, or until the function it returns is called.
 * The match itself goes on: it belongs to the page.
 */
export function bind<G extends GameTypes>(
  scene: BoundScene,
  match: Match<G>,
  { view, on = {}, status, gone }: Binding<NoInfer<G>>,
): Off {
  const offs: Off[] = [];
  if (view) offs.push(match.onView(view));
  for (const event of Object.keys(on) as (keyof G['eventViews'])[]) {
    const listener = on[event as keyof typeof on];
    if (listener) offs.push(match.on(event, listener));
  }
  if (status) offs.push(match.onStatus(status));
  if (gone) offs.push(match.onGone(gone));
  const unbind = () => {
    for (const off of offs) off();
    for (const end of ends) scene.events.off(end, unbind);
  };
  for (const end of ends) scene.events.once(end, unbind);
  view?.(match.view, null);
  status?.(match.status);
  return unbind;
}
