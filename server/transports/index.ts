/** The edge of the router: transports, and the hub that performs the core's effects on them. */
export { Hub, type EncodingTransport, type HubConfig, type HubRealm, type TrustedPrincipal } from './hub.ts';
export { defaults } from './defaults.ts';
export type { After } from './timers.ts';
export { serveWebSocket, type WebSocketOptions, type WebSocketService } from './websocket.ts';
