/** What the transports allow and how long they wait. Every one can be set where the transport is made. */
export const defaults = {
  /** Largest message a peer may send, in bytes of its encoded form. A larger one closes the socket (1009). */
  maxMessageBytes: 64 * 1024,
  /** What may wait for one slow reader, in bytes; with more its socket is dropped. */
  maxBufferedBytes: 4 * 1024 * 1024,
  /** How often a WebSocket peer is pinged. Browsers cannot ping, so the router must. */
  pingIntervalMs: 10_000,
  /** How long after a ping a peer may be silent; then its socket is dropped. */
  pongTimeoutMs: 5_000,
  /** How long a connection may be without a session: at least this, at most twice. */
  joinTimeoutMs: 10_000,
  /** How long a component may take that the router asks: who somebody is, or what they may do. */
  componentTimeoutMs: 5_000,
  /** How long `stop` waits for peers to answer GOODBYE. */
  drainMs: 2_000,
} as const;
