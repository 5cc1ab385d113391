import type { Session } from '../wamp/session.ts';

const waiting = new WeakMap<Session, Set<() => void>>();

/** Calls back when a session ends. Whoever calls what this answers is forgotten: one session may see many bots come and go. */
export function whenEnded(session: Session, callback: () => void): () => void {
  const callbacks = waiting.get(session) ?? new Set();
  if (!waiting.has(session)) {
    waiting.set(session, callbacks);
    void session.closed.then(() => {
      for (const one of callbacks) one();
    });
  }
  callbacks.add(callback);
  return () => void callbacks.delete(callback);
}
