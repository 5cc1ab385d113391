import { describe, expect, it } from 'vitest';
import { startGameServer } from 'realmkit/server';
import { RunningWorld } from '../../protocol/index.ts';
import { chase } from './chase.ts';
import { chaseAsBot } from './tag-bot.ts';
import { tagRules } from './tag.ts';

interface Player {
  readonly x: number;
  readonly y: number;
  readonly caught: number;
}

describe('tag', () => {
  it('makes whom the chaser reaches the next one, far away', () => {
    const world = new RunningWorld(tagRules, { seed: 2 });
    world.enter('ada');
    world.enter('bob');
    const player = (id: string) => world.players.get(id) as Player;
    let last = 0;
    for (let ticks = 0; player('bob').caught === 0; ticks++) {
      if (ticks > 400) throw new Error('ada catches nobody');
      const [ada, bob] = [player('ada'), player('bob')];
      const input = { dx: Math.sign(Math.round(bob.x - ada.x)), dy: Math.sign(Math.round(bob.y - ada.y)) };
      world.input('ada', (last += 1), [input]);
      expect(world.step().failures).toEqual([]);
    }
    expect(world.shared).toEqual({ it: 'bob' });
    expect(Math.hypot(player('ada').x - player('bob').x, player('ada').y - player('bob').y)).toBeGreaterThan(24);
  });

  it('goes on with somebody else when the chaser leaves', () => {
    const world = new RunningWorld(tagRules, { seed: 2 });
    world.enter('ada');
    world.step();
    world.enter('bob');
    world.leave('ada');
    world.step();
    expect(world.shared).toEqual({ it: 'bob' });
  });

  it('is played by two clients over a real server', async () => {
    const server = await startGameServer({ port: 0, host: '127.0.0.1', games: [tagRules] });
    const url = `ws://127.0.0.1:${server.port}/ws`;
    try {
      const [first, second] = await Promise.all([chase(url), chase(url)]);
      expect(first).toBe(second);
    } finally {
      await server.stop();
    }
  });

  it('is played by programs against a person, over a real server', async () => {
    const server = await startGameServer({ port: 0, host: '127.0.0.1', games: [tagRules] });
    const url = `ws://127.0.0.1:${server.port}/ws`;
    const stop = new AbortController();
    try {
      const bots = [chaseAsBot(url, stop.signal), chaseAsBot(url, stop.signal)];
      await chase(url); // until anybody has been caught
      stop.abort();
      expect(await Promise.all(bots)).toHaveLength(2);
    } finally {
      await server.stop();
    }
  });
});
