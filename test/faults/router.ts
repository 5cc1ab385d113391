import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { connectWebSocket, join, loadSerializers } from '../../protocol/index.ts';
import { connectRawSocket } from '../../server/transports/index.ts';
import type { State } from './router-process.ts';
import { joined, transports } from './wire.ts';

/** Where a router listens: WebSocket, long-poll and RawSocket on the port, RawSocket on the Unix socket. */
export interface Place {
  readonly port: number;
  readonly path: string;
}

export type Router = Awaited<ReturnType<typeof startRouter>>;

export const inMebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2);

/** A router in a process of its own, and two healthy sessions, by WebSocket and by RawSocket. */
export async function startRouter() {
  const folder = mkdtempSync(joinPath(tmpdir(), 'realmkit-'));
  const path = joinPath(folder, 'router.sock');
  const child = fork(fileURLToPath(new URL('router-process.ts', import.meta.url)), [path], {
    execArgv: ['--expose-gc'],
  });
  const ask = async <Answer>(question?: string): Promise<Answer> => {
    const answered = once(child, 'message');
    if (question !== undefined) child.send(question);
    const [answer] = (await answered) as [Answer];
    return answer;
  };
  const port = await ask<number>();
  const state = () => ask<State>('how are you?');

  const caller = await join(await connectWebSocket(`ws://127.0.0.1:${port}/ws`), { realm: 'realm1' });
  const callee = await join(await connectRawSocket({ path }), { realm: 'realm1' });
  await callee.register('com.healthy', ({ args }) => ({ args }));
  let heard: (turn: unknown) => void = () => {};
  await callee.subscribe('com.healthy', ({ args }) => heard(args[0]));
  let turn = 0;

  /** A call is answered and an event arrives. */
  async function healthy(): Promise<void> {
    turn += 1;
    const event = new Promise((resolve) => (heard = resolve));
    await caller.publish('com.healthy', [turn]);
    expect((await caller.call('com.healthy', [turn])).args).toEqual([turn]);
    expect(await event).toBe(turn);
  }
  for (const connect of Object.values(transports))
    for (const serializer of await loadSerializers()) await (await joined(connect, { port, path }, serializer)).leave();
  await healthy(); // all its code is loaded

  return {
    port,
    path,
    state,
    healthy,
    /** Nobody but the healthy is left, and nothing of ours has failed. @returns the heap after collection, in bytes. */
    async calm(): Promise<number> {
      await healthy();
      await vi.waitFor(async () => expect((await state()).connections).toBe(2), { timeout: 20_000 });
      const { heap, troubles } = await state();
      expect(troubles).toEqual([]);
      return heap;
    },
    async stop(): Promise<void> {
      await Promise.all([caller.leave(), callee.leave()]);
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}
