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
  /** As rules give them, and as clients see them. */
  errors: Record<string, object>;
  errorViews: Record<string, object>;
  events: Record<string, object>;
  eventViews: Record<string, object>;
  phase: string;
  audience: string;
}
