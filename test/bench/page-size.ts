/** What a page of a game loads, without Phaser: bytes, and where they come from. */
import type { Figures, Row } from './measure.ts';

/** Parts that are named. */
const named = 10;

export async function pageRows(): Promise<Figures> {
  const { pageSize } = await import('../client/page/size.ts'); // with a bundler, which no other case needs
  const { atOnce, later, parts } = await pageSize();
  const rows: Row[] = [
    { what: 'bytes at once, compressed', ours: atOnce },
    { what: 'bytes when they are wanted', ours: later },
    ...parts.slice(0, named).map(([name, bytes]) => ({ what: `of ${name}, as written`, ours: bytes })),
  ];
  return { operations: 1, ms: 0, cpuMs: 0, rows };
}
