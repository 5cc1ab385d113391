/** A Python component that was written from docs/wire.md walks in a world, and a client of ours sees it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../client/index.ts';
import { distance, meadow, meadowRules, stump } from '../../protocol/games/meadow.ts';
import { startGameServer, type Running } from '../../server/main.ts';
import { python, pythonMissing, script } from './clients/index.ts';

let server: Running;
beforeAll(async () => {
  server = await startGameServer({ host: '127.0.0.1', port: 0, games: [meadowRules] });
});
afterAll(() => server.stop());

const reason = pythonMissing === undefined ? '' : ` (${pythonMissing})`;

/** What it tells, a line each, until it ends. */
async function* walked(serializer: string, to: { x: number; y: number }): AsyncGenerator<Record<string, unknown>> {
  const url = `ws://127.0.0.1:${server.port}/ws`;
  const args = [script('walker.py'), url, serializer, `${to.x}`, `${to.y}`];
  const walker = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const line of createInterface(walker.stdout)) yield JSON.parse(line) as Record<string, unknown>;
  } finally {
    walker.kill();
  }
}

describe.skipIf(pythonMissing !== undefined)(`a walker in Python${reason}`, () => {
  test.each(['json', 'msgpack'])(
    'enters by %s, follows every tick, walks where it wants, and is refused as anybody is',
    async (serializer) => {
      const client = connect({ url: `ws://127.0.0.1:${server.port}/ws` });
      const ours = await client.enter(meadow, { rules: meadowRules });
      const goal = { x: stump.x - 100, y: stump.y - 160 };
      const told: Record<string, unknown>[] = [];
      for await (const line of walked(serializer, goal)) {
        told.push(line);
        if (!('arrived' in line)) continue;
        const id = String(told[0]!['entered']);
        await expect.poll(() => seen(id), { timeout: 5_000 }).toBeLessThan(16);
      }
      function seen(id: string): number {
        const player = ours.view.players[id];
        return player ? distance(player, goal) : Infinity;
      }
      expect(told.map((line) => Object.keys(line)[0])).toEqual(['entered', 'arrived', 'refused', 'synced']);
      const [entered, arrived, refused, synced] = told as [object, object, object, object];
      expect(entered).toMatchObject({ entered: expect.stringMatching(/^[a-z0-9_]+$/) });
      expect(arrived).toMatchObject({ me: { basket: expect.any(Number), rest: 0 } });
      expect(refused).toEqual({ refused: 'game.meadow.error.too_far', why: 'too_far' });
      expect(synced).toMatchObject({ synced: true });
      const { late } = synced as { late: number };
      expect(Math.abs(late)).toBeLessThan(20);
      await ours.leave();
      client.close();
    },
  );
});
