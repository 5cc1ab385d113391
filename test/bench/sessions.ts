/** What sessions cost: joining, and being there. */
import { joined, many } from './calls.ts';
import type { Figures } from './measure.ts';
import { usageOf } from './subject.ts';

/** WebSocket handshake, HELLO and WELCOME. */
export async function joins(host: string, count: number): Promise<Figures> {
  const before = await usageOf(host);
  const start = performance.now();
  const peers = await many(count, () => joined(host));
  const ms = performance.now() - start;
  const { cpuMs } = await usageOf(host);
  await Promise.all(peers.map((peer) => peer.close()));
  return { operations: count, ms, cpuMs: cpuMs - before.cpuMs };
}

/** By the router's heap, buffers included, after collecting garbage. */
export async function idleSessions(host: string, count: number): Promise<Figures> {
  const before = await usageOf(host, '?collect');
  const peers = await many(count, () => joined(host));
  const after = await usageOf(host, '?collect');
  await Promise.all(peers.map((peer) => peer.close()));
  return { operations: count, ms: 0, cpuMs: 0, bytesEach: (after.heap - before.heap) / count };
}
