/** realmkit/server: the router, the authority that plays games on it, and the services around them. */

// A whole server
export { gameRealm, startGameServer, startRouter, type Address, type GameServerOptions, type Running } from './main.ts';
export { files, StartError } from './http.ts';

// Router
export {
  connectRawSocket,
  createEndpoint,
  Hub,
  serveLongPoll,
  serveRawSocket,
  serveWebSocket,
  defaults as transportDefaults,
  type ConnectRawSocketOptions,
  type EncodingTransport,
  type Endpoint,
  type EndpointOptions,
  type EndpointTls,
  type Entrance,
  type HubConfig,
  type HubLimits,
  type HubRealm,
  type HubSettings,
  type LongPollService,
  type RawSocketAddress,
  type RawSocketService,
  type Reception,
  type ServeLongPollOptions,
  type ServeRawSocketOptions,
  type ServeWebSocketOptions,
  type TrustedPrincipal,
  type Ways,
  type WebSocketService,
} from './transports/index.ts';
export {
  permissiveRealm,
  Router,
  type Action,
  type Chance,
  type ConnectionId,
  type Effect,
  type Hello,
  type Objection,
  type Permission,
  type Principal,
  type RealmConfig,
  type Role,
  type RouterConfig,
  type SessionLimits,
  type Surroundings,
} from './router/index.ts';
export {
  anonymous,
  argon2id,
  autobahnScram,
  cookie,
  cryptosign,
  keepAutobahnScramPassword,
  keepScramPassword,
  memoryCookies,
  scram,
  scramCosts,
  ticket,
  tls,
  wampcra,
  type AnonymousOptions,
  type Arrival,
  type AuthenticationMethod,
  type Authenticator,
  type CertificatePrincipal,
  type ChannelBindingType,
  type CookieStore,
  type CryptosignOptions,
  type CryptosignPrincipal,
  type MemoryCookiesOptions,
  type PeerCertificate,
  type ScramCost,
  type ScramCredential,
  type ScramOptions,
  type ScramPrincipal,
  type Source,
  type TicketOptions,
  type TicketSettings,
  type TransportFacts,
  type Verdict,
  type WampcraOptions,
  type WampcraPrincipal,
  type WampcraSecret,
} from './authentication/index.ts';

// Authority, services, store
export {
  defaultLimits,
  hostGames,
  type AuthorityLimits,
  type AuthorityOptions,
  type Hosting,
  type Log,
} from './authority/index.ts';
export { defaultLobbyLimits, runLobby, type LobbyLimits, type LobbyOptions } from './services/lobby.ts';
export { gameRoles } from './services/roles.ts';
export { memoryStore } from './store/memory-store.ts';
export { openSqliteStore, StoreError } from './store/sqlite/sqlite-store.ts';
export { matchAt, type Moment } from './store/match-at.ts';
export { isWorldFile, readWorldFile, worldFile } from './store/world-file.ts';
export { worldOf, type KeptAnswers } from './store/world-parts.ts';
export { MatchFileError } from './store/kept-file.ts';
export { forkOf, matchFile, readMatchFile } from './store/match-file.ts';
export {
  isKept,
  type Append,
  type ClaimedMatch,
  type ClaimedWorld,
  type Keep,
  type KeptMatch,
  type ListedMatch,
  type Logged,
  type MatchRecord,
  type MatchStore,
  type Standing,
  type StoredWorld,
  type WorldParts,
} from './store/store.ts';

// Writing games
export { followRules, type FollowedRules, type FollowRulesOptions } from './operations/followed-rules.ts';

// Computer opponents
export { searchBot } from './services/bot.ts';
export { runBots, type BotsOptions } from './services/bots.ts';
export { runResident, type AnyWorldBot, type ResidentOptions } from './services/residents.ts';
export { SearchThreads, type Choose, type SearchThreadsOptions } from './services/search-threads.ts';
export type { SearchNode, Thinker, Thinkers } from './services/thinker.ts';
