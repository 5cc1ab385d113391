/**
 * `npm run bench`: what one core of ours does beside plain `ws` moving the same bytes, in the same minutes. Server and
 * load are processes of their own on loopback; rounds of the two sides alternate, and their medians are shown.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CaseName, Figures } from './cases.ts';

type Side = 'ours' | 'plain';
interface Subject {
  readonly process: ChildProcess;
  readonly url: string;
}
interface Round extends Figures {
  /** Processor time of the server, ms. */
  readonly cpuMs: number;
}

const rounds = 3;
const sides = ['ours', 'plain'] as const;

const subjects = { ours: await start('server.ts'), plain: await start('plain-server.ts') };
const load = child('load.ts');
console.log(`Node ${process.version}, ${cpus().length} cores, loopback; median of ${rounds} rounds each.`);
console.log(
  'The load takes a core of its own; on a busy machine the processor time of the server is the steadier figure.\n',
);
printRow(['case', 'ours', 'plain ws', 'ratio']);
const calls = await measured('calls');
throughput('calls/s, 64 in flight', 'call', calls);
const fanOut = await measured('fanOut');
throughput('events/s to 100, ws.send each', 'event', fanOut);
throughput('events/s to 100, one built frame', 'event', {
  ...fanOut,
  plain: (await measured('builtFrame', ['plain'])).plain,
});
latency('connect_four move to the other player', await measured('moves'));
for (const { process } of [...Object.values(subjects), { process: load }]) process.disconnect();

/** A round of each side to warm up, then those that count. */
async function measured(name: CaseName, which: readonly Side[] = sides): Promise<Record<Side, Round[]>> {
  const figures: Record<Side, Round[]> = { ours: [], plain: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const side of which) {
      const figure = await measure(name, side);
      if (round > 0) figures[side].push(figure);
    }
  }
  return figures;
}

async function measure(name: CaseName, side: Side): Promise<Round> {
  const { process, url } = subjects[side];
  const before = await ask<number>(process, 'cpu');
  const figures = await ask<Figures>(load, { name, side, url });
  return { ...figures, cpuMs: (await ask<number>(process, 'cpu')) - before };
}

function throughput(title: string, unit: string, { ours, plain }: Record<Side, Round[]>): void {
  const perSecond = ({ operations, ms }: Round) => (operations * 1000) / ms;
  const cost = ({ operations, cpuMs }: Round) => (cpuMs * 1000) / operations;
  compare(title, ours.map(perSecond), plain.map(perSecond), (value) => Math.round(value).toLocaleString('en'));
  compare(`  server's processor, µs a ${unit}`, ours.map(cost), plain.map(cost), (value) => value.toFixed(2));
}

function latency(title: string, { ours, plain }: Record<Side, Round[]>): void {
  for (const share of [0.5, 0.99]) {
    const at = ({ latenciesMs = [] }: Round) => quantile(latenciesMs, share);
    compare(`${title}, p${share * 100}, ms`, ours.map(at), plain.map(at), (value) => value.toFixed(2));
  }
}

function compare(title: string, ours: number[], plain: number[], show: (value: number) => string): void {
  const [a, b] = [quantile(ours, 0.5), quantile(plain, 0.5)];
  printRow([title, show(a), show(b), (a / b).toFixed(2)]);
}

function printRow([title, ...columns]: [string, ...string[]]): void {
  console.log(title.padEnd(46) + columns.map((column) => column.padStart(11)).join(''));
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

/** Ends with us, and we with it if it fails. */
function child(file: string): ChildProcess {
  const started = fork(fileURLToPath(new URL(file, import.meta.url)));
  return started.once('exit', (code) => {
    if (code !== 0) process.exit(1);
  });
}

async function start(file: string): Promise<Subject> {
  const server = child(file);
  const [url] = (await once(server, 'message')) as [string];
  return { process: server, url };
}

/** One question at a time. */
async function ask<Answer>(asked: ChildProcess, question: string | object): Promise<Answer> {
  const answered = once(asked, 'message');
  asked.send(question);
  const [answer] = (await answered) as [Answer];
  return answer;
}
