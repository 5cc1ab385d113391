import type { ClockView } from './clocks.ts';

/** Everything the compiler knows of a game, already resolved: schemas do not appear, so hovers stay short. */
export interface GameTypes {
  name: string;
  seat: number;
  options: object;
  optionsInput: object;
  /** As rules have it, as `setup` may give it, as clients see it. */
  state: object;
  setup: object;
  view: object;
  /** Arguments after, and before, defaults. */
  moves: Record<string, object>;
  calls: Record<string, object>;
  /** Arguments of what only the authority does, in its time. */
  timers: Record<string, object>;
  /** As rules give them, and as clients see them. */
  errors: Record<string, object>;
  errorViews: Record<string, object>;
  events: Record<string, object>;
  eventViews: Record<string, object>;
  phase: string;
  stage: string;
  /** What players may offer one another during a match. */
  agreement: string;
  /** What they may claim when somebody does not come back. */
  claim: string;
  /** What views show of the clocks; null in games without. */
  clocks: readonly ClockView[] | null;
  audience: string;
}
