/** What the README shows is what these files say, and they run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { play } from './play.ts';
import { serve } from './serve.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');

describe('the README', () => {
  const readme = read('..', '..', 'README.md');

  it.each(['tic-tac-toe.ts', 'serve.ts', 'play.ts'])('shows %s as it is', (file) => {
    expect(readme).toContain(`\`\`\`ts\n${read(file)}\`\`\``);
  });

  it('needs at most 40 lines for the rules of a game', () => {
    expect(read('tic-tac-toe.ts').trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('names only scripts that exist', () => {
    const scripts = Object.keys((JSON.parse(read('..', '..', 'package.json')) as { scripts: object }).scripts);
    for (const [, script] of readme.matchAll(/npm run ([a-z:]+)/g)) expect(scripts).toContain(script);
  });
});

describe('the examples', () => {
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
