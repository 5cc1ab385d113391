import { expect, test } from 'vitest';
import { Liveness } from '../../../server/transports/liveness.ts';
import { FakeClock } from '../../protocol/wamp/fake-clock.ts';

function pinging() {
  const clock = new FakeClock();
  const time = { now: 0 };
  const sent: string[] = [];
  const measured: number[] = [];
  const liveness = new Liveness({
    intervalMs: 10_000,
    timeoutMs: 5_000,
    clock,
    now: () => time.now,
    ping: (payload) => sent.push(payload),
    onSilence: () => {},
  });
  liveness.onRoundTrip((ms) => measured.push(ms));
  /** One ping, answered after so long. */
  const round = (ms: number) => {
    clock.advance(10_000);
    time.now += ms;
    liveness.pong(sent.at(-1)!);
    clock.advance(5_000);
  };
  return { liveness, clock, time, sent, measured, round };
}

test('the answer to a ping measures the round trip, of which later ones change a quarter', () => {
  const { measured, round } = pinging();
  round(100);
  round(100);
  round(500);
  expect(measured).toEqual([100, 100, 200]);
});

test('only the latest ping counts, and once; no two carry the same', () => {
  const { liveness, clock, time, sent, measured } = pinging();
  clock.advance(10_000);
  liveness.heard();
  clock.advance(5_000);
  clock.advance(10_000);
  time.now += 50;
  for (const payload of [sent[0]!, '', 'ping', sent[1]!, sent[1]!]) liveness.pong(payload);
  expect(measured).toEqual([50]);
  expect(new Set(sent).size).toBe(2);
});
