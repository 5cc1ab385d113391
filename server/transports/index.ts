/** The edge of the router: transports, and the hub that performs the core's effects on them. */
export type { EncodingTransport } from './encoding-transport.ts';
export { Hub, type HubConfig, type HubLimits, type HubRealm, type HubSettings } from './hub.ts';
export type { Entrance, Reception } from './entrance.ts';
export { defaults } from './defaults.ts';
export { serveWebSocket, type ServeWebSocketOptions, type WebSocketService } from './websocket.ts';
export type { TrustedPrincipal } from './trusted-principal.ts';
export { serveRawSocket, type RawSocketService, type ServeRawSocketOptions } from './rawsocket.ts';
export { connectRawSocket, type ConnectRawSocketOptions, type RawSocketAddress } from './rawsocket-client.ts';
export { serveLongPoll, type LongPollService, type ServeLongPollOptions } from './longpoll.ts';
export { createEndpoint, type Endpoint, type EndpointOptions, type EndpointTls, type Ways } from './endpoint.ts';
export { removeStaleSocket } from './stale-socket.ts';
export { watchFiles, type WatchOptions } from './watch-files.ts';
