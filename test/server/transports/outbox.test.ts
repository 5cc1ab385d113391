import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Span } from '../../../protocol/index.ts';
import { Backlogs } from '../../../server/transports/backlogs.ts';
import { descriptorOf } from '../../../server/transports/kernel-write.ts';
import { reserve } from '../../../server/transports/slab.ts';
import { Outbox } from '../../../server/transports/outbox.ts';
import { SlowStream, turn } from './slow-stream.ts';

/** As the transports make them: each behind the one before. */
function frameOf(text: string): Span {
  const frame = reserve(text.length);
  Buffer.from(text).copy(frame.whole, frame.start);
  return frame;
}

/** An outbox, the stream below it, and why it was given up. */
function reader({ wants = 100, most = 1000, above = 500, all = new Backlogs(Infinity) } = {}) {
  const stream = new SlowStream(wants);
  const outbox = new Outbox(stream, { maxBufferedBytes: most, dropAboveBytes: above });
  const problems: string[] = [];
  outbox.join(all, (problem) => problems.push(problem));
  return { stream, outbox, problems, all };
}

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

/** Two ends of a connection in the kernel. Nobody reads at theirs until it is listened to. */
async function socketPair(): Promise<{ readonly ours: Socket; readonly theirs: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens at no port');
  const theirs = connect(address.port, '127.0.0.1');
  const [ours] = (await once(server, 'connection')) as [Socket];
  server.close();
  opened.push(ours, theirs);
  return { ours, theirs };
}

const half = frameOf('x'.repeat(50));

describe('what waits', () => {
  test('leaves in one write when the turn ends', async () => {
    const { stream, outbox } = reader();
    for (const text of ['a', 'b', 'c']) outbox.add(frameOf(text));
    expect(outbox.bytes).toBe(3);
    await turn();
    expect(stream.arrived.map(String)).toEqual(['abc']);
    expect(outbox.bytes).toBe(0);
  });

  test('leaves as it lies in memory, where its frames were made one after another', async () => {
    const { stream, outbox } = reader();
    const [first, second] = [frameOf('a'), frameOf('b')];
    outbox.add(first);
    outbox.add(second);
    await turn();
    expect(stream.text).toBe('ab');
    expect(stream.arrived[0]!.buffer).toBe(second.whole.buffer);
  });

  test('is held back while the stream is full, and follows in order', async () => {
    const { stream, outbox, all } = reader();
    stream.pause();
    for (const text of ['a'.repeat(100), 'b', 'c', 'd'.repeat(200), 'e']) {
      outbox.add(frameOf(text));
      await turn();
    }
    expect(stream.writableLength).toBe(100);
    expect(outbox.bytes).toBe(303);
    stream.resume();
    await turn();
    expect(stream.text).toBe(`${'a'.repeat(100)}bc${'d'.repeat(200)}e`);
    expect([outbox.bytes, all.bytes]).toEqual([0, 0]);
  });

  test('is not forgotten when it comes just before the stream has drained', async () => {
    const { stream, outbox } = reader();
    stream.pause();
    outbox.add(frameOf('a'.repeat(100)));
    await turn();
    outbox.add(frameOf('b'));
    stream.resume();
    await turn();
    expect(stream.text).toBe(`${'a'.repeat(100)}b`);
  });

  test('in a stream that does not get rid of it is there without the pool of small frames', async () => {
    const { stream, outbox } = reader();
    stream.pause();
    for (let i = 0; i < 3; i++) {
      outbox.add(frameOf('ab'));
      await turn();
    }
    stream.resume();
    await turn();
    expect(stream.arrived.slice(1).map(({ buffer }) => buffer.byteLength)).toEqual([2, 2]);
  });

  test('goes into the stream, whether or not it is full, before that ends', async () => {
    const { stream, outbox, all } = reader();
    stream.pause();
    for (const text of ['a'.repeat(100), 'b']) {
      outbox.add(frameOf(text));
      await turn();
    }
    outbox.add(frameOf('c'));
    outbox.finish();
    stream.end();
    stream.resume();
    await turn();
    expect(stream.text).toBe(`${'a'.repeat(100)}bc`);
    expect(all.bytes).toBe(0);
  });

  test('is forgotten when the stream is gone', async () => {
    const { stream, outbox, all } = reader();
    stream.pause();
    for (let i = 0; i < 4; i++) {
      outbox.add(half);
      await turn();
    }
    stream.destroy();
    outbox.add(half);
    outbox.finish();
    await turn();
    expect(all.bytes).toBe(0);
  });
});

describe('a plain socket', () => {
  test('is written to past its stream, and by it what the kernel does not take, in order', async () => {
    const { ours, theirs } = await socketPair();
    const outbox = new Outbox(ours, { maxBufferedBytes: 64e6 });
    const write = vi.spyOn(ours, 'write');
    let sent = '';
    for (let i = 0; i < 200; i++) {
      const text = `${i},`.repeat(i < 10 ? 1 : 20_000);
      outbox.add(frameOf(text));
      sent += text;
      await turn();
      if (i === 9) expect(write).not.toHaveBeenCalled();
    }
    expect(outbox.bytes).toBeGreaterThan(0);
    let got = '';
    theirs.setEncoding('latin1').on('data', (piece: string) => (got += piece));
    outbox.finish();
    ours.end();
    await once(theirs, 'close');
    expect(got === sent).toBe(true);
  });

  test('that has been destroyed is not written to, though another may have its descriptor by then', async () => {
    const first = await socketPair();
    const outbox = new Outbox(first.ours, {});
    const descriptor = descriptorOf(first.ours);
    outbox.add(frameOf('for nobody'));
    first.ours.destroy();
    await once(first.ours, 'close');
    const others = await Promise.all(Array.from({ length: 8 }, () => socketPair()));
    const heard: string[] = [];
    for (const { ours, theirs } of others)
      for (const socket of [ours, theirs]) socket.on('data', (data) => heard.push(String(data)));
    expect(others.flatMap(({ ours, theirs }) => [ours, theirs]).map(descriptorOf)).toContain(descriptor);
    outbox.add(frameOf('for nobody'));
    await turn();
    for (const { ours, theirs } of others) {
      ours.end('the end');
      await once(theirs, 'end');
    }
    expect(heard).toEqual(others.map(() => 'the end'));
  });

  test('whose peer has gone fails as ever: its stream says so', async () => {
    const { ours, theirs } = await socketPair();
    const outbox = new Outbox(ours, {});
    const failed = once(ours, 'error');
    theirs.resetAndDestroy();
    while (!ours.destroyed) {
      outbox.add(half);
      await turn();
    }
    expect((await failed)[0]).toMatchObject({ code: expect.stringMatching(/^(EPIPE|ECONNRESET)$/) });
  });

  test('has no descriptor to be written to where TLS lies between', async () => {
    const { ours } = await socketPair();
    expect(descriptorOf(ours)).toBeGreaterThan(0);
    expect(descriptorOf(new TLSSocket(ours))).toBe(null);
    expect(descriptorOf(new SlowStream())).toBe(null);
  });
});

describe('a peer that does not read', () => {
  test('is behind above the mark, and not any more when it has read', async () => {
    const { stream, outbox } = reader();
    stream.pause();
    for (let i = 0; i < 10; i++) {
      outbox.add(half);
      await turn();
    }
    expect(outbox.isBehind).toBe(false);
    outbox.add(half);
    expect(outbox.isBehind).toBe(true);
    stream.resume();
    await turn();
    expect(outbox.isBehind).toBe(false);
  });

  test('is behind at half of what may wait, however high the mark', () => {
    const { outbox } = reader({ most: 200, above: 500 });
    outbox.add(half);
    outbox.add(half);
    expect(outbox.isBehind).toBe(false);
    outbox.add(frameOf('x'));
    expect(outbox.isBehind).toBe(true);
  });

  test('is given up once when too much waits, and of all that was held back nothing is kept', async () => {
    const { stream, outbox, problems, all } = reader();
    stream.pause();
    for (let i = 0; i < 21; i++) {
      outbox.add(half);
      await turn();
    }
    expect(problems).toEqual(['you read too slowly: more than 1000 bytes wait for you']);
    expect(outbox.problem).toBe(problems[0]);
    expect(all.bytes).toBe(0);
    outbox.add(frameOf('farewell'));
    outbox.finish();
    stream.resume();
    await turn();
    expect(stream.text).toBe(`${'x'.repeat(100)}farewell`);
    expect(problems).toHaveLength(1);
  });
});

describe('receivers of the same frames', () => {
  test('keep them in memory once, and small frames without their pool', async () => {
    const all = new Backlogs(Infinity);
    const readers = Array.from({ length: 100 }, () => reader({ all, most: 10_000 }));
    for (const { stream } of readers) stream.pause();
    for (let i = 0; i < 20; i++) {
      const frame = frameOf('x'.repeat(100));
      for (const { outbox } of readers) outbox.add(frame);
      await turn();
    }
    expect(all.bytes).toBe(20 * (100 + 256));
    for (const { stream } of readers) stream.resume();
    await turn();
    expect(all.bytes).toBe(0);
    expect(new Set(readers.map(({ stream }) => stream.text))).toEqual(new Set(['x'.repeat(2000)]));
  });

  type Step =
    | { readonly do: 'send'; readonly length: number; readonly leftOut: readonly number[] }
    | { readonly do: 'pause' | 'resume'; readonly reader: number }
    | { readonly do: 'turn' };
  const count = 4;
  const leftOut = fc.uniqueArray(fc.nat(count - 1));
  const send = fc.record({ do: fc.constant('send' as const), length: fc.integer({ min: 1, max: 40 }), leftOut });
  const stall = fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const), reader: fc.nat(count - 1) });
  const steps = fc.array(
    fc.oneof<fc.WeightedArbitrary<Step>[]>(
      { weight: 5, arbitrary: send },
      { weight: 3, arbitrary: fc.constant({ do: 'turn' }) },
      { weight: 2, arbitrary: stall },
    ),
    { maxLength: 60 },
  );

  test('each get their own in order, whatever is left out for whom and however they read', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const all = new Backlogs(Infinity);
        const readers = Array.from({ length: count }, () => ({ ...reader({ all, wants: 30, most: 1e6 }), due: '' }));
        let sent = 0;
        for (const step of taken) {
          if (step.do === 'turn') await turn();
          else if (step.do === 'send') {
            const text = `${sent++}`.padStart(step.length, '.');
            const frame = frameOf(text);
            for (const [i, one] of readers.entries()) {
              if (step.leftOut.includes(i)) continue;
              one.outbox.add(frame);
              one.due += text;
            }
          } else readers[step.reader]!.stream[step.do]();
        }
        for (const { stream } of readers) stream.resume();
        for (let i = 0; i < taken.length + 1; i++) await turn();
        expect(readers.map(({ stream }) => stream.text)).toEqual(readers.map(({ due }) => due));
        expect(all.bytes).toBe(0);
        expect(readers.map(({ outbox }) => outbox.bytes)).toEqual(readers.map(() => 0));
      }),
    );
  });
});

describe('all slow readers together', () => {
  test('when they keep too much memory, those for whom most waits are given up', async () => {
    const all = new Backlogs(3000);
    const readers = Array.from({ length: 3 }, () => reader({ all }));
    for (const { stream } of readers) stream.pause();
    const send = (index: number, bytes: number) => readers[index]!.outbox.add(frameOf('x'.repeat(bytes)));
    for (const [index, times] of [1, 4, 2].entries()) {
      for (let i = 0; i < times; i++) {
        send(index, 100);
        await turn();
      }
    }
    expect(all.bytes).toBe(7 * (100 + 256));
    for (const index of [0, 2]) {
      send(index, 100);
      await turn();
    }
    expect(readers.map(({ problems }) => problems)).toEqual([
      [],
      ['you read too slowly: 400 bytes wait for you, and more than 3000 for everybody'],
      [],
    ]);
    expect(all.bytes).toBe(5 * (100 + 256));
  });

  test('those who have read count no more', async () => {
    const all = new Backlogs(1000);
    const readers = Array.from({ length: 10 }, () => reader({ all }));
    for (const { stream, outbox } of readers) {
      stream.pause();
      for (let i = 0; i < 2; i++) {
        outbox.add(frameOf('x'.repeat(100)));
        await turn();
      }
      stream.resume();
      await turn();
    }
    expect(readers.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
