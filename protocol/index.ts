/** realmkit/protocol: what both ends agree on. Runs anywhere. */

// Declaring games
export { t, type Json, type Vocabulary } from './schema/t.ts';
export { concealed, isConcealed, seen, type Concealed } from './schema/concealed.ts';
export type { PerSeat, PerSeatView, Seat, SeatCount } from './schema/seats.ts';
export type { Issue, StandardSchema } from './schema/standard.ts';
export { issuesText, validate } from './schema/standard.ts';
export type { AnyType, Frozen, Shape, Type } from './schema/type.ts';
export { motionOf, type Motion } from './schema/packing.ts';
export { game, type AnyGame, type AnyRules, type ContextOf, type Game, type Rules, type StateOf } from './game/game.ts';
export type { GameTypes } from './game/game-types.ts';
export type { Context, EnterContext, LegalContext, MatchResult, RulesDefinition, SetupContext } from './game/rules.ts';
export type { AnyRejection, FrameworkCode, FrameworkErrors, Outcome, Rejection } from './game/rejection.ts';
export { isFrameworkCode, refusal, rejectionError, rejectionOf } from './game/rejection.ts';

export { world, type AnyWorld, type AnyWorldRules, type World, type WorldRules } from './world/world.ts';
export type { WorldTypes } from './world/world-types.ts';
export type {
  Collection,
  Place,
  StepContext,
  WorldContext,
  WorldMoveContext,
  WorldRulesDefinition,
} from './world/world-rules.ts';

// Playing them
export { SeededRandom, seeded, type Random, type RandomState } from './game/random.ts';
export { legal, OptionsError, play, start, type Played } from './game/play.ts';
export type { AnyMove, Emitted, Position } from './game/position.ts';
export { positionOf, type AnyView, type SeatView, type View } from './game/view.ts';
export { viewIssues } from './game/view-type.ts';
export { replay, RunningMatch, type Applied } from './game/running-match.ts';
export type { Entry } from './game/entry.ts';
export { isAlone, wonBy, type MatchSetup, type MatchState } from './game/match-state.ts';
export { lagQuota, timeLeft, type ClockSetting, type ClockView, type SeatClock } from './game/clocks.ts';
export { agreements, type Agreement, type Offer } from './game/agreements.ts';
export { claims, lostSeats, type Claim } from './game/claims.ts';
export type { Timer } from './game/timers.ts';
export { inDevelopment } from './game/development.ts';
export { harness, type Harness, type MoveCall, type MoveCalls, type Player } from './game/harness.ts';
export {
  RunningWorld,
  worldWaits,
  type KeptWorld,
  type Stepped,
  type WaitingTimer,
  type WorldEvent,
  type WorldPlayed,
  type WorldSetup,
} from './world/running-world.ts';
export { seenBy, type Foreseen, type SeenWorld } from './world/foresight.ts';
export { isIdle } from './world/input.ts';
export { Prediction, type PendingMove } from './world/prediction.ts';
export type { ThingChange } from './world/seen-things.ts';
export { playersKind, type Taken } from './world/world-codecs.ts';
export { worldInDevelopment } from './world/world-development.ts';
export { betweener, type Between } from './world/between.ts';
export type { KeptThings } from './world/things.ts';
export { type Published } from './world/pieces.ts';
export { WorldPublisher } from './world/world-publisher.ts';
export { WorldFollower, type Followed } from './world/world-follower.ts';
export { WorldSight, type AnyWorldView, type WorldView } from './world/world-view.ts';

// Writing them
export { liveRules, type LiveRules } from './game/live-rules.ts';

// Programs that play
export { bot, type Bot, type BotPlace, type BotTurn, type Seated, type Think } from './bot/bot.ts';
export type { Parting } from './bot/entered-bot.ts';
export {
  worldBot,
  type Entered,
  type Steer,
  type WorldBot,
  type WorldBotEvent,
  type WorldBotMoves,
  type WorldBotPlace,
  type WorldBotTurn,
} from './bot/world-bot.ts';

// Testing them
export { FuzzFailure } from './testing/fuzz-failure.ts';
export { fuzz, type FuzzOptions, type FuzzReport } from './testing/fuzz.ts';
export { fuzzWorld, FuzzWorldFailure, type FuzzWorldOptions, type FuzzWorldReport } from './testing/fuzz-world.ts';
export { sampleOf } from './testing/sample.ts';

// State on the wire
export { diff, patch, type Delta } from './sync/delta.ts';
export { BitReader, BitWriter } from './sync/packed/bits.ts';
export type { Codec } from './sync/packed/codec.ts';
export { codecOf, type Eyes } from './sync/packed/codec-of.ts';
export { collectionCodec, type CollectionCodec } from './sync/packed/collection.ts';
export type { EntityChanges, EntityDecoder } from './sync/packed/entity-decoder.ts';
export type { Entities, EntityEncoder, PendingEntity } from './sync/packed/entity-encoder.ts';
export { hashOf } from './sync/packed/hash.ts';
export { Follower, type Accepted, type Change, type Commit, type Happening, type Part } from './sync/change.ts';
export { resumedEpoch, type Resumed } from './game/resumed.ts';
export { Telling, wireForms, type Told, type WireForm } from './game/telling.ts';
export { PackedFollower } from './game/packed-follower.ts';
export { PackedForm } from './game/packed-form.ts';
export { authorityMatches, botUri, gameUris, lobbyUris, type GameUris, type MatchUris } from './game/uris.ts';
export type { LobbyChange, MatchSummary } from './game/lobby.ts';

// WAMP
export { join, type JoinOptions, type Signature } from './wamp/join.ts';
export type { Credentials } from './wamp/authentication/credentials.ts';
export { withTicket } from './wamp/authentication/ticket.ts';
export { saltWampcra, signWampcra, withWampcra, type WampcraSalt } from './wamp/authentication/wampcra.ts';
export { scramKeys, scramMessage, withScram, type Argon2id, type ScramOptions } from './wamp/authentication/scram.ts';
export { saslprep } from './wamp/authentication/saslprep.ts';
export { withCryptosign, type CryptosignOptions, type KeyPair } from './wamp/authentication/cryptosign.ts';
export type { Closed, PublishOptions, Session } from './wamp/session.ts';
export type { CallOptions, CancelMode, Result } from './wamp/calls.ts';
export { unavailable } from './wamp/invocations.ts';
export type { Answer, Invocation, Procedure, RegisterOptions, Registration } from './wamp/invocations.ts';
export type { Chunk } from './wamp/chunks.ts';
export type { Event, EventHandler, SubscribeOptions, Subscription } from './wamp/subscriptions.ts';
export { pastEvents, type PastEvent, type PastEventsFilter } from './wamp/past-events.ts';
export { hostClock, pause, type Clock } from './wamp/clock.ts';
export { slowed, type Latency } from './wamp/slow-transport.ts';
export type { Transport } from './wamp/transport.ts';
export { transportPair } from './wamp/memory.ts';
export { connectWebSocket, type WebSocketClass, type WebSocketLike, type WebSocketOptions } from './wamp/websocket.ts';
export { isEncoded, valuesOf, withValues, type PayloadForms, type Span } from './wamp/payload.ts';
export type { Serializer, Subprotocol } from './wamp/serializer.ts';
export { loadSerializers, serializers } from './wamp/serializers.ts';
export { loadCbor } from './wamp/cbor.ts';
export { batched, decodeAll, isBatched, readAll, readOne, type BatchedSerializer } from './wamp/batched.ts';
export { format, messages, parse, type Hop, type Message, type MessageType } from './wamp/messages.ts';
export { maxDepth, type Dict, type List, type Value } from './wamp/values.ts';
export { CallError, closeReasons, errors, ProtocolError } from './wamp/errors.ts';
export { isId, maxId, randomId, RecentIds, sequence } from './wamp/ids.ts';
export { wordsOf } from './wamp/words.ts';
export { isReserved, isUri, matches, type MatchPolicy, type Uri } from './wamp/uris.ts';
