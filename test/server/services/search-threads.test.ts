import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostClock, legal, start, type Clock } from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { thinkers } from '../../../server/games/index.ts';
import { SearchThreads, type SearchThreadsOptions } from '../../../server/services/search-threads.ts';

const question = { game: 'connect_four', position: start(connectFourRules, { seed: 1 }), seed: 1 };
const drop = { move: 'drop', args: { column: 3 } };

function threads(options: Partial<SearchThreadsOptions> = {}): SearchThreads {
  const pool = new SearchThreads({ module: thinkers.module, threads: 1, budgetMs: 20, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

/** Threads whose behaviour is written here, one script after another, the last for all that follow. */
function scripted(...scripts: string[]): { spawn: () => Worker; readonly started: number } {
  let started = 0;
  return {
    spawn: () =>
      new Worker(
        `const { parentPort } = require('node:worker_threads'); ${scripts[Math.min(started++, scripts.length - 1)]}`,
        { eval: true },
      ),
    get started() {
      return started;
    },
  };
}
const answers = `parentPort.on('message', () => parentPort.postMessage({ move: ${JSON.stringify(drop)} }));`;
const crashes = `parentPort.on('message', () => { throw new Error('out of luck'); });`;
const fails = `parentPort.on('message', () => parentPort.postMessage({ failed: 'the rules failed' }));`;
const hangs = `parentPort.on('message', () => { for (;;); });`;
/** Has no patience at all. */
const impatient: Clock = {
  setTimeout: (callback) => hostClock.setTimeout(callback, 0),
  clearTimeout: (timer) => hostClock.clearTimeout(timer),
};

describe('the threads', () => {
  it('find a legal move in every game', async () => {
    const { choose } = threads();
    for (const [game, { rules }] of Object.entries(thinkers.byGame)) {
      const position = start(rules, { seed: 1 });
      expect(legal(rules, position, 0)).toContainEqual(await choose({ game, position, seed: 1 }));
    }
  });

  it('leave the event loop to others: only they import the search', () => {
    const top = join(import.meta.dirname, '../../..');
    const importers = globSync('{server,protocol}/**/*.ts', { cwd: top }).filter((file) => {
      const imports = readFileSync(join(top, file), 'utf8').matchAll(/^import (?!type\b).*from '([^']+)'/gm);
      return [...imports].some(([, path]) => path!.endsWith('/search.ts'));
    });
    expect(importers).toEqual(['server/services/search-worker.ts']);
  });

  it('are as many as was said, and take questions in turn', async () => {
    const script = scripted(answers);
    const { choose } = threads({ spawn: script.spawn, threads: 2 });
    expect(await Promise.all(Array.from({ length: 6 }, () => choose(question)))).toEqual(
      Array.from({ length: 6 }, () => drop),
    );
    expect(script.started).toBe(2);
  });

  it('are replaced after a crash, and the question is asked again', async () => {
    const script = scripted(crashes, answers);
    expect(await threads({ spawn: script.spawn }).choose(question)).toEqual(drop);
    expect(script.started).toBe(2);
  });

  it('are given up when they do not answer', async () => {
    const script = scripted(hangs, answers);
    const clock: Clock = {
      ...impatient,
      setTimeout: (callback, ms) =>
        script.started < 2 ? impatient.setTimeout(callback, 0) : hostClock.setTimeout(callback, ms),
    };
    expect(await threads({ spawn: script.spawn, clock }).choose(question)).toEqual(drop);
  });

  it('do not try for ever what makes them crash, and go on with the next question', async () => {
    const script = scripted(crashes, crashes, answers);
    const { choose } = threads({ spawn: script.spawn });
    await expect(choose(question)).rejects.toThrow('two threads ended');
    expect(await choose(question)).toEqual(drop);
  });

  it('tell of a search that failed', async () => {
    await expect(threads({ spawn: scripted(fails).spawn }).choose(question)).rejects.toThrow('the rules failed');
    await expect(threads().choose({ ...question, game: 'ludo' })).rejects.toThrow('ludo');
  });

  it('are not misheard when Node says something in between, as it does with --watch', async () => {
    const loaded = `parentPort.postMessage({ 'watch:import': ['file:///a.ts'] });`;
    const script = scripted(
      `${loaded} parentPort.on('message', () => { ${loaded} parentPort.postMessage({ move: ${JSON.stringify(drop)} }); });`,
    );
    const { choose } = threads({ spawn: script.spawn });
    expect([await choose(question), await choose(question)]).toEqual([drop, drop]);
  });

  it('stop thinking about what nobody waits for any more', async () => {
    const { choose } = threads({ budgetMs: 600_000 });
    const cancel = new AbortController();
    const { signal } = cancel;
    const asked = [choose({ ...question, signal }), choose({ ...question, signal })].map((asking) =>
      expect(asking).rejects.toThrow('the turn is over'),
    );
    cancel.abort(new Error('the turn is over'));
    await Promise.all(asked);
    await expect(choose({ ...question, game: 'ludo' })).rejects.toThrow('ludo'); // the one thread is free
    await expect(choose({ ...question, signal })).rejects.toThrow('the turn is over');
  });

  it('answer nobody once they are closed', async () => {
    const pool = threads({ spawn: scripted(hangs).spawn });
    const asked = [pool.choose(question), pool.choose(question)].map((asking) =>
      expect(asking).rejects.toThrow('closed'),
    );
    await pool.close();
    await Promise.all(asked);
    await expect(pool.choose(question)).rejects.toThrow('closed');
  });
});
