/** What the README shows is what these files say, and they run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'realmkit/client';
import { describe, expect, it } from 'vitest';
import { playAsBot } from './centre-bot.ts';
import { serveComputer } from './computer.ts';
import { play } from './play.ts';
import { serve } from './serve.ts';
import { ticTacToe } from './tic-tac-toe.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');

describe('the README', () => {
  const readme = read('..', '..', 'README.md');

  it.each(['tic-tac-toe.ts', 'serve.ts', 'play.ts', 'tag.ts', 'chase.ts', 'centre-bot.ts', 'tag-bot.ts'])(
    'shows %s as it is',
    (file) => {
      expect(readme).toContain(`\`\`\`ts\n${read(file)}\`\`\``);
    },
  );

  it('needs at most 40 lines for a game, and for a world', () => {
    for (const file of ['tic-tac-toe.ts', 'tag.ts'])
      expect(read(file).trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('names only scripts that exist', () => {
    const scripts = Object.keys((JSON.parse(read('..', '..', 'package.json')) as { scripts: object }).scripts);
    for (const [, script] of readme.matchAll(/npm run ([a-z:]+)/g)) expect(scripts).toContain(script);
  });
});

describe('docs/testing.md', () => {
  const document = read('..', '..', 'docs', 'testing.md');

  it.each(['tic-tac-toe.test.ts', 'fuzz.test.ts', 'computer.ts'])('shows %s as it is', (file) => {
    expect(document).toContain(`\`\`\`ts\n${read(file)}\`\`\``);
  });
});

describe('the examples', () => {
  it('two bots meet by quick match and play tic-tac-toe to the same end', async () => {
    const server = await serve();
    const url = `ws://127.0.0.1:${server.port}/ws`;
    try {
      const [first, second] = await Promise.all([playAsBot(url), playAsBot(url)]);
      expect(first?.reason).toMatch(/^(three_in_line|board_full)$/);
      expect(second).toEqual(first);
    } finally {
      await server.stop();
    }
  });

  it('the computer plays a game of which it has nothing but the rules', async () => {
    const server = await serveComputer();
    const client = connect({ url: `ws://127.0.0.1:${server.port}/ws` });
    try {
      const match = await client.join(ticTacToe, { match: 'new', opponent: 'computer', seat: 0 });
      await match.until(({ seats }) => seats.every(({ player }) => player !== null));
      expect(await match.moves.mark({ cell: 0 })).toMatchObject({ ok: true });
      const { state } = await match.until(({ toAct }) => toAct.includes(0));
      expect(state.board.filter((cell) => cell === 1)).toHaveLength(1);
    } finally {
      client.close();
      await server.stop();
    }
  });

  it('two browsers meet by quick match and play tic-tac-toe to the same end', async () => {
    const server = await serve();
    const url = `ws://127.0.0.1:${server.port}/ws`;
    try {
      const [first, second] = await Promise.all([play(url), play(url)]);
      expect(first).toEqual({ winner: 0, reason: 'three_in_line' });
      expect(second).toEqual(first);
    } finally {
      await server.stop();
    }
  });
});
