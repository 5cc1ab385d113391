/**
 * `npm run bench`: what one core of the router does, beside plain `ws` and bare sockets moving the same bytes in the
 * same minutes, and what worlds and matches do, beside Colyseus where `npm ci --prefix test/bench/colyseus` has installed
 * it. All are processes of their own on loopback, the load too. `npm run bench -- calls fan-out` runs only those cases,
 * `--rounds 3` repeats each and shows the median.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases, type Case, type CaseName, type Other, type Side, type Subject } from './cases.ts';
import { average, quantile, type Figures } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '1' }, profile: { type: 'string' } },
});
const names = (positionals.length > 0 ? positionals : Object.keys(cases)) as CaseName[];
const unknown = names.find((name) => !Object.hasOwn(cases, name));
if (unknown !== undefined) {
  console.error(`There is no case "${unknown}"; there are ${Object.keys(cases).join(', ')}.`);
  process.exit(2);
}

interface Show {
  /** Behind the title. */
  readonly name?: string;
  of(figures: Figures): number;
  as(value: number): string;
}
const whole = (value: number) => Math.round(value).toLocaleString('en');
const exact = (value: number) => value.toFixed(2);
const brief = (value: number) => (Number.isInteger(value) ? whole : exact)(value);
const atQuantile = (share: number): Show => ({
  name: `, p${share * 100}`,
  of: ({ latencies = [] }) => quantile(latencies, share),
  as: exact,
});
const cpuShare: Show = {
  name: ', CPU s per second',
  of: ({ cpuMs, ms }) => cpuMs / ms,
  as: (value) => value.toFixed(3),
};
const bytesEach: Show = { name: ', bytes', of: ({ bytesEach: each = Number.NaN }) => each, as: whole };
const residentEach: Show = {
  name: ', resident',
  of: ({ residentEach: each = Number.NaN }) => each,
  as: whole,
};
const shows: Readonly<Record<Case['shows'], readonly Show[]>> = {
  'per CPU second': [{ of: ({ operations, cpuMs }) => (operations * 1000) / cpuMs, as: whole }],
  'per second': [{ of: ({ operations, ms }) => (operations * 1000) / ms, as: whole }],
  'CPU each': [{ of: ({ operations, cpuMs }) => cpuMs / operations, as: (value) => value.toFixed(3) }],
  'CPU share': [cpuShare],
  'CPU share and bytes': [cpuShare, bytesEach],
  'bytes each': [bytesEach],
  'heap and resident': [{ ...bytesEach, name: ', heap' }, residentEach],
  'CPU and p99': [
    { name: ': a second', of: ({ operations, ms }) => (operations * 1000) / ms, as: whole },
    { name: ': CPU seconds a second', of: ({ cpuMs, ms }) => cpuMs / ms, as: exact },
    atQuantile(0.5),
    atQuantile(0.99),
  ],
  'its own rows': [],
  'p50 and p99': [atQuantile(0.5), atQuantile(0.99)],
  'average and p99': [
    { name: ', average', of: ({ latencies = [] }) => average(latencies), as: exact },
    atQuantile(0.99),
  ],
};

/** Figures of each round, for the cases that others are compared with. */
const measured = new Map<CaseName, readonly Figures[]>();
const load = child('load.ts');
const subjects = new Map<Subject, { readonly process: ChildProcess; readonly host: string }>();

console.log(`Node ${process.version}, ${cpus().length} cores, loopback, median of ${values.rounds}.\n`);
printRow(['case', 'ours', 'beside', 'ratio', '  to reach']);
if (names.some((name) => (cases[name] as Case).beside === 'colyseus') && !isInstalled('colyseus'))
  console.log('Colyseus is not installed, so its column stays empty: npm ci --prefix test/bench/colyseus\n');
for (const name of names) await run(name);
for (const { process } of subjects.values()) process.disconnect();
load.disconnect();

async function run(name: CaseName): Promise<void> {
  const { title, beside, reach = '', ...kind }: Case = cases[name];
  const ours: Figures[] = [];
  const others: Figures[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    ours.push(await measure(name, 'ours', kind.on ?? 'router'));
    const { note } = ours.at(-1)!;
    if (note !== undefined) console.log(note);
    if (isOther(beside) && isInstalled(beside)) others.push(await measure(name, 'other', beside));
  }
  measured.set(name, ours);
  for (const { what, ours: mine, beside: theirs } of ours.at(-1)?.rows ?? []) {
    const compared = theirs === undefined ? [] : [brief(theirs), exact(mine / theirs)];
    printRow([`${title}: ${what}`, brief(mine), ...compared]);
  }
  const other = beside === undefined || isOther(beside) ? others : (measured.get(beside) ?? []);
  for (const { name: what = '', of, as } of shows[kind.shows]) {
    const [a, b] = [quantile(ours.map(of), 0.5), quantile(other.map(of), 0.5)];
    const ratio = Number.isNaN(b) ? ['', ''] : [as(b), (a / b).toFixed(2)];
    printRow([title + what, as(a), ...ratio, `  ${reach}`]);
  }
}

function isOther(beside: Case['beside'] | Subject): beside is Other {
  return beside === 'ceiling' || beside === 'colyseus';
}

/** Colyseus is no part of the project's own install. */
function isInstalled(other: Other): boolean {
  return other === 'ceiling' || existsSync(new URL('colyseus/node_modules', import.meta.url));
}

async function measure(name: CaseName, side: Side, subject: Subject): Promise<Figures> {
  if (cases[name].shows === 'heap and resident') stop(subject); // what it has grown for others would do for these
  const { host } = await started(subject);
  return ask<Figures>(load, { name, side, host });
}

function stop(subject: Subject): void {
  subjects.get(subject)?.process.disconnect();
  subjects.delete(subject);
}

async function started(subject: Subject): Promise<{ readonly host: string }> {
  const known = subjects.get(subject);
  if (known) return known;
  const profiled = !isOther(subject) && values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
  const server = child(subject === 'colyseus' ? 'colyseus/server.ts' : `${subject}.ts`, ['--expose-gc', ...profiled]);
  const [host] = (await once(server, 'message')) as [string];
  const one = { process: server, host };
  subjects.set(subject, one);
  return one;
}

function printRow([title, ...columns]: [string, ...string[]]): void {
  console.log(title.padEnd(62) + columns.map((column, i) => (i < 3 ? column.padStart(11) : column)).join(''));
}

/** Ends with us, and we with it if it fails. */
function child(file: string, execArgv: readonly string[] = []): ChildProcess {
  const made = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: [...process.execArgv, ...execArgv] });
  return made.once('exit', (code) => {
    if (code !== 0) process.exit(1);
  });
}

/** One question at a time. */
async function ask<Answer>(asked: ChildProcess, question: object): Promise<Answer> {
  const answered = once(asked, 'message');
  asked.send(question);
  const [answer] = (await answered) as [Answer];
  return answer;
}
