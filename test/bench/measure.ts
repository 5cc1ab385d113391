/** Measuring a stretch of work: warm up, note what the server has used, work, note again. */
import { usageOf } from './subject.ts';

export interface Figures {
  readonly operations: number;
  readonly ms: number;
  /** Processor time of the server meanwhile, ms. */
  readonly cpuMs: number;
  /** Of single operations, in ms, where they are timed. */
  readonly latencies?: readonly number[];
  /** Bytes for each, where that is what is measured. */
  readonly bytesEach?: number;
  /** The same of all that a process has, where `bytesEach` is of JavaScript's. */
  readonly residentEach?: number;
  /** What else there is to say. */
  readonly note?: string;
  /** What a case says that measures several things at once. */
  readonly rows?: readonly Row[];
}

export interface Row {
  readonly what: string;
  readonly ours: number;
  readonly beside?: number;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Code that runs seldom is compiled late, on the same account. */
/** `warm`: the process has done the like before. */
const warmUpMs = { saturated: 700, paced: 4000, warm: 1000 };

/** @param done how many operations are complete by now; the work goes on by itself. */
export async function during(
  host: string,
  ms: number,
  done: () => number,
  pace: keyof typeof warmUpMs = 'saturated',
): Promise<Figures> {
  await sleep(warmUpMs[pace]);
  const [before, doneBefore, start] = [await usageOf(host), done(), performance.now()];
  await sleep(ms);
  const [operations, elapsed] = [done() - doneBefore, performance.now() - start];
  return { operations, ms: elapsed, cpuMs: (await usageOf(host)).cpuMs - before.cpuMs };
}

/** Calls `act` so often a second, as evenly as timers allow, until `stop` is called. */
export function paced(perSecond: number, act: () => void): () => void {
  const start = performance.now();
  let acted = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - start) * perSecond) / 1000;
    for (; acted < due; acted++) act();
  }, 1);
  return () => clearInterval(timer);
}

export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
export const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
