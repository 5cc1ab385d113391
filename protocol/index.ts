/** realmkit/protocol: what both ends agree on. Runs anywhere. */

// Declaring games
export { t, type Json, type Vocabulary } from './schema/t.ts';
export { concealed, isConcealed, seen, type Concealed } from './schema/concealed.ts';
export type { PerSeat, PerSeatView, Seat, SeatCount } from './schema/seats.ts';
export type { Issue, StandardSchema } from './schema/standard.ts';
export { validate } from './schema/standard.ts';
export type { AnyType, Frozen, Shape, Type } from './schema/type.ts';
export { game, type AnyGame, type AnyRules, type ContextOf, type Game, type Rules, type StateOf } from './game/game.ts';
export type { GameTypes } from './game/game-types.ts';
export type { Context, EnterContext, LegalContext, MatchResult, RulesDefinition, SetupContext } from './game/rules.ts';
export type { AnyRejection, FrameworkCode, FrameworkErrors, Outcome, Rejection } from './game/rejection.ts';
export { isFrameworkCode, refusal, rejectionError, rejectionOf } from './game/rejection.ts';

// Playing them
export { SeededRandom, seeded, type Random, type RandomState } from './game/random.ts';
export { legal, OptionsError, play, start, type Played } from './game/play.ts';
export type { AnyMove, Emitted, Position } from './game/position.ts';
export { positionOf, type AnyView, type SeatView, type View } from './game/view.ts';
export { replay, RunningMatch, type Applied, type Entry, type MatchSetup } from './game/running-match.ts';
export { harness, type Harness, type MoveCall, type MoveCalls, type Player } from './game/harness.ts';

// State on the wire
export { diff, patch, type Delta } from './sync/delta.ts';
export { Follower, type Change, type Commit, type Happening, type Part } from './sync/change.ts';
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
export { hostClock, type Clock } from './wamp/clock.ts';
export type { Transport } from './wamp/transport.ts';
export { transportPair } from './wamp/memory.ts';
export { connectWebSocket, type WebSocketClass, type WebSocketLike, type WebSocketOptions } from './wamp/websocket.ts';
export { isEncoded, valuesOf, withValues, type PayloadForms } from './wamp/payload.ts';
export type { Serializer, Subprotocol } from './wamp/serializer.ts';
export { loadSerializers, serializers } from './wamp/serializers.ts';
export { loadCbor } from './wamp/cbor.ts';
export { batched, decodeAll, isBatched, readAll, type BatchedSerializer } from './wamp/batched.ts';
export { format, messages, parse, type Hop, type Message, type MessageType } from './wamp/messages.ts';
export { maxDepth, type Dict, type List, type Value } from './wamp/values.ts';
export { CallError, closeReasons, errors, ProtocolError } from './wamp/errors.ts';
export { isId, maxId, randomId, RecentIds, sequence } from './wamp/ids.ts';
export { isReserved, isUri, matches, type MatchPolicy, type Uri } from './wamp/uris.ts';
