import { describe, expect, test } from 'vitest';
import { transportPair } from '../../../protocol/wamp/memory.ts';
import type { Message } from '../../../protocol/wamp/messages.ts';
import { settle } from './scripted-router.ts';

const result = (request: number, ...args: unknown[]): Message => ({ type: 'result', request, details: {}, args });

function linked() {
  const [left, right] = transportPair();
  const log: unknown[] = [];
  for (const [name, end] of [
    ['left', left],
    ['right', right],
  ] as const) {
    end.onMessage((message) => log.push([name, 'request' in message && message.request]));
    end.onClose((reason) => log.push([name, reason]));
  }
  return { left, right, log };
}

describe('a pair in memory', () => {
  test('messages arrive later than they were sent, and in order', async () => {
    const { left, log } = linked();
    left.send(result(1));
    left.send(result(2));
    expect(log).toEqual([]);
    await settle();
    expect(log).toEqual([
      ['right', 1],
      ['right', 2],
    ]);
  });

  test('neither side sees what the other does to its objects', async () => {
    const [left, right] = transportPair();
    const received: Message[] = [];
    right.onMessage((message) => 'type' in message && received.push(message));
    const board = { rows: [[1]], bytes: new Uint8Array([1]), none: undefined };
    left.send(result(1, board));
    board.rows[0]?.push(2);
    board.bytes[0] = 9;
    await settle();
    expect(received).toEqual([result(1, { rows: [[1]], bytes: new Uint8Array([1]) })]);
    expect(Object.keys(received[0]?.type === 'result' ? (received[0].args?.[0] ?? {}) : {})).toEqual(['rows', 'bytes']);
  });

  test('what was sent before the close arrives, on both sides, and nothing after it', async () => {
    const { left, right, log } = linked();
    left.send(result(1));
    right.send(result(2));
    left.close();
    left.close();
    left.send(result(3));
    await settle();
    right.send(result(4));
    right.close();
    await settle();
    expect(log).toEqual([
      ['right', 1],
      ['left', 2],
      ['right', 'closed by the other side'],
      ['left', 'closed'],
    ]);
  });

  test('both sides closing at once are each told once', async () => {
    const { left, right, log } = linked();
    left.close();
    right.close();
    await settle();
    expect(log).toHaveLength(2);
    expect(log).toEqual(
      expect.arrayContaining([
        ['left', 'closed by the other side'],
        ['right', 'closed by the other side'],
      ]),
    );
  });
});
