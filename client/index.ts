/** realmkit/client: a page's connection, its matches, and Phaser. Loads neither Phaser nor a DOM. */
export { Client, connect, type EnterWorld, type JoinMatch } from './client.ts';
export type { Lasting } from './connection/renewals.ts';
export type { TicketStore } from './connection/guest-ticket.ts';
export type { Status } from './connection/status.ts';
export type { ClientClock, ConnectOptions } from './connection/surroundings.ts';
export type { Off, Report } from './listeners.ts';
export type { Lobby, NewMatch } from './lobby.ts';
export type { Verdict } from './match/check.ts';
export { JoinError, type JoinErrorCode } from './match/join-error.ts';
export type { AnyMatch, AnyPredictedMatch, Match, PredictedMatch } from './match/match.ts';
export type { AnyOutcome } from './match/requests.ts';
export { MatchGoneError, type Gone, type MatchStatus, type Parting, type WorldStatus } from './match/status.ts';
export type { Frame, PredictedWorldMatch, WorldHealth, WorldMatch } from './world/world-match.ts';
export { bind, type Binding, type BoundScene } from './phaser/bind.ts';
export { RealmkitPlugin } from './phaser/plugin.ts';
export { syncKeyed, type Keeper, type Keyed } from './phaser/sync-keyed.ts';
