/** What the transports allow and how long they wait. Every one can be set where the transport is made. */
export const defaults = {
  /** Largest message a peer may send, in bytes of its encoded form. A larger one closes the socket (1009). */
  maxMessageBytes: 64 * 1024,
  /** What may wait for one slow reader, in bytes; with more its session ends. */
  maxBufferedBytes: 4 * 1024 * 1024,
  /** With so many bytes waiting for it, events are left out that were published as droppable. */
  dropAboveBytes: 256 * 1024,
  /**
   * Memory for what waits for all slow readers of a router, in bytes; with more the sessions for which most waits end.
   * What many wait for counts once; the 64 KiB that each socket takes at once do not count.
   */
  maxTotalBufferedBytes: 512 * 1024 * 1024,
  /** How often a WebSocket peer is pinged. Browsers cannot ping, so the router must. */
  pingIntervalMs: 10_000,
  /** How long after a ping a peer may be silent; then its socket is dropped. */
  pongTimeoutMs: 5_000,
  /** Messages a second that a connection may send, on average; more end it. Roles may say otherwise. Infinity: no limit. */
  messagesPerSecond: 1_000,
  /** Messages that it may send at once after a pause. */
  messageBurst: 2_000,
  /** The same for bytes, as they are encoded. A message larger than the burst is let in, and paid off before the next. */
  bytesPerSecond: 1024 * 1024,
  byteBurst: 4 * 1024 * 1024,
  /** Connections from outside: components that are linked in this process do not count. */
  maxConnections: 10_000,
  /**
   * Connections from one address (of IPv6: from one /64), and sessions that may be asked for from there, a second. Off
   * unless set: behind a reverse proxy, and on loopback, everybody comes from one address. Unix sockets have none.
   */
  maxConnectionsPerAddress: Infinity,
  joinsPerSecondPerAddress: Infinity,
  /** How long a connection may be without a session: at least this, at most twice. */
  joinTimeoutMs: 10_000,
  /** How long a component may take that the router asks: who somebody is, or what they may do. */
  componentTimeoutMs: 5_000,
  /** How long a peer may take for the handshake of TLS, and of RawSocket, and any peer of a shared port for its first octet. */
  handshakeTimeoutMs: 10_000,
  /** How long an HTTP peer may take for the head of a request, and for all of it: at most half as long again. */
  headTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  /** How long nothing may move on an HTTP connection, an answer that is not read, say. Twice `pollTimeoutMs` where that is more. */
  stillTimeoutMs: 60_000,
  /** How long a peer may keep its half of a WebSocket or RawSocket open after we have closed ours. */
  closeTimeoutMs: 2_000,
  /** Smallest limit of a RawSocket peer that is taken, in bytes: with less it could not even be welcomed. */
  leastPeerBytes: 2 ** 11,
  /** How long a long-poll peer's request waits for messages; then the answer is empty. */
  pollTimeoutMs: 10_000,
  /** How long a long-poll peer may be without a request that waits. */
  pollIdleMs: 30_000,
  /** How many messages may wait for a long-poll peer; with more its session ends. */
  maxQueuedMessages: 10_000,
  /** How long files that are watched must have been at rest before they are read anew. */
  fileRestMs: 100,
  /** How long peers may take to answer GOODBYE when the router stops, or its listener. */
  drainMs: 2_000,
} as const;
