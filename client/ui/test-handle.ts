/** What browser tests look at, when the query says `test=1`: they wait for versions, never for time. */
import type { AnyMatch } from '../match/match.ts';
import type { Canvas } from './canvas.ts';
import { atEnd } from './lifetime.ts';

export interface TestHandle {
  /** Of the match that is shown; null on other pages. */
  readonly match: string | null;
  readonly version: number | null;
  readonly seat: number | null;
  readonly toAct: readonly number[];
  readonly over: boolean;
  /** Once the canvas is there. */
  readonly renderer: Canvas['renderer'];
}

declare global {
  interface Window {
    realmkit?: TestHandle;
  }
}

const nothing: TestHandle = { match: null, version: null, seat: null, toAct: [], over: false, renderer: null };

export const offerTestHandle = (): void => void (window.realmkit = nothing);

/** Shows a match on the handle, if there is one, as long as its page lasts. */
export function showToTests(match: AnyMatch, canvas: Canvas, signal: AbortSignal): void {
  if (!window.realmkit) return;
  window.realmkit = {
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
