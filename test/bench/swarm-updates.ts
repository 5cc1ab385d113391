/** 1,000 movers {x, y, kind, owner} at 20 Hz in a square, straight on and bouncing: what an update is, and what it costs. */
import { BitWriter, collectionCodec } from '../../protocol/index.ts';
import { mover, swarm } from '../protocol/sync/packed/swarm.ts';
import type { Figures } from './measure.ts';

const count = 1000;
const updates = { warmUp: 400, measured: 600 };

/** @param rounds whether the game rounds positions when they move, or leaves that to the wire. */
export async function swarmUpdates({ rounds }: { readonly rounds: boolean }): Promise<Figures> {
  const { entities, step } = swarm(count, { rounds });
  const encoder = collectionCodec(mover).encoder();
  let [bytes, cpuMs] = [0, 0];
  const start = performance.now();
  for (let i = 0; i < updates.warmUp + updates.measured; i++) {
    step();
    const before = process.cpuUsage();
    const out = new BitWriter();
    encoder.update(entities, out);
    const { length } = out.bytes();
    const { user, system } = process.cpuUsage(before);
    if (i < updates.warmUp) continue;
    bytes += length;
    cpuMs += (user + system) / 1000;
  }
  return {
    operations: updates.measured,
    ms: performance.now() - start,
    cpuMs,
    bytesEach: bytes / updates.measured,
  };
}
