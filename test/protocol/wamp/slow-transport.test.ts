import { expect, it } from 'vitest';
import { slowed, transportPair, type Latency, type Message } from '../../../protocol/index.ts';
import { VirtualClock } from '../../client/virtual-clock.ts';

const message = (request: number): Message => ({ type: 'subscribe', request, options: {}, topic: 'com.example.a' });

/** Two ends of a slow line, and what comes out of either, with the milliseconds since the start. */
function line(latency: Latency, random = () => 0.5) {
  const clock = new VirtualClock();
  const start = clock.now();
  const [near, far] = transportPair();
  const heard: unknown[] = [];
  const slow = slowed(near, latency, { clock, now: () => clock.now(), random });
  for (const [name, end] of Object.entries({ near: slow, far })) {
    end.onMessage((one) => heard.push([name, clock.now() - start, 'request' in one ? one.request : one]));
    end.onClose(() => heard.push([name, clock.now() - start, 'closed']));
  }
  return { clock, slow, far, heard };
}

it('holds back each way for half of a round trip', async () => {
  const { clock, slow, far, heard } = line({ roundTripMs: 150 });
  slow.send(message(1));
  far.send(message(2));
  await clock.pass(74);
  expect(heard).toEqual([]);
  await clock.pass(200);
  expect(heard).toEqual([
    ['far', 75, 1],
    ['near', 75, 2],
  ]);
});

it('takes more or less time by chance, within the jitter, and keeps the order', async () => {
  const chances = [1, 0, 0.5];
  const { clock, slow, heard } = line({ roundTripMs: 150, jitterMs: 50 }, () => chances.shift() ?? 0.5);
  slow.send(message(1));
  slow.send(message(2));
  await clock.pass(60);
  slow.send(message(3));
  await clock.pass(200);
  expect(heard).toEqual([
    ['far', 100, 1],
    ['far', 100, 2], // it would have come after 50
    ['far', 135, 3],
  ]);
});

it('keeps the order where timers do not, which count whole milliseconds', () => {
  const due: (() => void)[] = [];
  const clock = { setTimeout: (callback: () => void) => due.push(callback), clearTimeout: () => {} };
  const sent: unknown[] = [];
  const inner = { send: (one: Message) => sent.push(one), close: () => {}, onMessage: () => {}, onClose: () => {} };
  const slow = slowed(inner, { roundTripMs: 1 }, { clock, now: () => 0, random: () => 0 });
  slow.send(message(1));
  slow.send(message(2));
  for (const callback of due.toReversed()) callback();
  expect(sent).toEqual([message(1), message(2)]);
});

it('tells of the end after what was sent before it', async () => {
  const { clock, slow, heard } = line({ roundTripMs: 100 });
  slow.send(message(1));
  slow.close();
  await clock.pass(200);
  expect(heard).toEqual([
    ['far', 50, 1],
    ['far', 50, 'closed'],
    ['near', 100, 'closed'],
  ]);
});

it.each([
  [{ roundTripMs: -1 }, 'roundTripMs of a simulated network is -1; milliseconds from 0 are wanted'],
  [{ roundTripMs: 1, jitterMs: NaN }, 'jitterMs of a simulated network is NaN'],
])('%j is refused', (latency, why) => {
  expect(() => line(latency)).toThrow(why);
});
