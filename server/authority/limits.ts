/** What an authority allows, and how long it waits. Every one can be set in `hostGames`. */
export const defaultLimits = {
  /** How long a dropped player's seat is held, ms. */
  holdMs: 120_000,
  /** How long the player of somebody who dropped stays in a world, ms. */
  worldHoldMs: 15_000,
  /** How long a finished match is kept after the last person has gone, ms. */
  keepMs: 60_000,
  /** How long nobody has to call a match before it leaves memory until somebody does, ms. */
  hibernateMs: 300_000,
  /** Moves after which a match is stored whole, so that taking it up replays no more than these. */
  snapshotEvery: 200,
  /** How long a match that could not be stored waits before it tries the store again, ms. */
  retryMs: 5_000,
  /** Matches hosted at one time; for one more the oldest that is over is closed. */
  matches: 10_000,
  /** Worlds at one time, those that sleep too; one more is refused. */
  worlds: 10_000,
  /** Changes of one match, people who come and go among them: then it ends, and is closed. */
  changes: 20_000,
  /** How often the lobby hears of spectators who come and go, at most, ms. */
  spectatorsMs: 1_000,
  /** Moves that a player may make in one match, a second, on average. */
  movesPerSecond: 10,
  /** Moves that a player may make at once after a pause. */
  moveBurst: 20,
  /** Latest moves of a player whose answers are remembered, so that resending one does not make it twice. */
  rememberedMoves: 64,
} as const;

export type AuthorityLimits = { readonly [K in keyof typeof defaultLimits]: number };
