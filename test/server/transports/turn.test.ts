import { afterEach, beforeEach, expect, it } from 'vitest';
import { atEndOfTurn } from '../../../server/transports/turn.ts';

/** Those of the test runner, to whom an uncaught exception is a failed test. */
const listeners = process.listeners('uncaughtException');
const uncaught: unknown[] = [];

beforeEach(() => {
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
});
afterEach(() => {
  process.removeAllListeners('uncaughtException');
  for (const listener of listeners) process.on('uncaughtException', listener);
});

it('what waits for the end of a turn comes to it, each once and in order, though one before it throws', async () => {
  const fault = new Error('a fault of ours');
  const done: string[] = [];
  atEndOfTurn(() => done.push('first'));
  atEndOfTurn(() => {
    throw fault;
  });
  atEndOfTurn(() => {
    done.push('third');
    atEndOfTurn(() => done.push('of the next turn'));
  });
  await new Promise<void>((resolve) => atEndOfTurn(resolve));
  await new Promise<void>((resolve) => atEndOfTurn(resolve));
  expect(done).toEqual(['first', 'third', 'of the next turn']);
  expect(uncaught).toEqual([fault]);
});
