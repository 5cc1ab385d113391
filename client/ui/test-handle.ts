/** What browser tests look at, when the query says `test=1`: they wait for versions, never for time. */
import type { WorldTypes } from '../../protocol/index.ts';
import type { AnyMatch } from '../match/match.ts';
import type { WorldMatch } from '../world/world-match.ts';
import type { Canvas } from './canvas.ts';
import { atEnd } from './lifetime.ts';

export interface TestHandle {
  /** Of the match that is shown; null on other pages. */
  readonly match: string | null;
  readonly version: number | null;
  readonly seat: number | null;
  readonly toAct: readonly number[];
  readonly over: boolean;
  /** The world that is shown; null on other pages. */
  readonly world: WorldMatch<WorldTypes> | null;
  /** Once the canvas is there. */
  readonly renderer: Canvas['renderer'];
}

declare global {
  interface Window {
    realmkit?: TestHandle;
  }
}

const nothing: TestHandle = {
  match: null,
  version: null,
  seat: null,
  toAct: [],
  over: false,
  world: null,
  renderer: null,
};

export const offerTestHandle = (): void => void (window.realmkit = nothing);

/** Shows a match on the handle, if there is one, as long as its page lasts. */
export function showToTests(match: AnyMatch, canvas: Canvas, signal: AbortSignal): void {
  if (!window.realmkit) return;
  window.realmkit = {
    ...nothing,
    match: match.id,
    get version() {
      return match.view.version;
    },
    get seat() {
      return match.seat;
    },
    get toAct() {
      return match.view.toAct;
    },
    get over() {
      return match.view.result !== null;
    },
    get renderer() {
      return canvas.renderer;
    },
  };
  atEnd(signal, offerTestHandle);
}

/** The same for a world. */
export function showWorldToTests(world: WorldMatch<WorldTypes>, canvas: Canvas, signal: AbortSignal): void {
  if (!window.realmkit) return;
  window.realmkit = {
    ...nothing,
    world,
    get renderer() {
      return canvas.renderer;
    },
  };
  atEnd(signal, offerTestHandle);
}
