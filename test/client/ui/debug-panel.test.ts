import { expect, it } from 'vitest';
import { debugLines } from '../../../client/ui/debug-panel.ts';

const health = { corrections: 4, resyncs: 1, roundTripMs: 151.6, delayMs: 212.2, receivedBytes: 9_000 };

it('the debug panel tells rates of what is counted, and the rest as it is', () => {
  const before = { ...health, corrections: 1, receivedBytes: 5_000 };
  expect(debugLines(health, before, 2)).toEqual([
    ['Round trip', '152 ms'],
    ['Others are drawn', '212 ms late'],
    ['Corrections', '1.5 a second'],
    ['Resyncs', '1'],
    ['State received', '2000 B a second'],
  ]);
  expect(debugLines({ ...health, roundTripMs: null }, before, 1)[0]).toEqual(['Round trip', 'not known yet']);
});
