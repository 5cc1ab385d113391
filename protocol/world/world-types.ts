/** Everything the compiler knows of a world, already resolved: schemas do not appear, so hovers stay short. */
export interface WorldTypes {
  name: string;
  options: object;
  optionsInput: object;
  /** As rules have it, as `setup` may give it, as clients see it. */
  shared: object;
  setup: object;
  sharedView: object;
  /** As rules have it, as `spawn` may give it, as others see it, as its own player sees it. */
  player: object;
  spawn: object;
  playerView: object;
  me: object;
  /** By collection; the same three sides. */
  entities: Record<string, object>;
  entityInputs: Record<string, object>;
  entityViews: Record<string, object>;
  input: object;
  /** Arguments after, and before, defaults. */
  moves: Record<string, object>;
  calls: Record<string, object>;
  /** Arguments after, and before, defaults. */
  timers: Record<string, object>;
  timerCalls: Record<string, object>;
  errors: Record<string, object>;
  errorViews: Record<string, object>;
  events: Record<string, object>;
  eventViews: Record<string, object>;
  audience: string;
}
