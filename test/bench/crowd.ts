/** As many idle sessions as files may be open, and how it is to join and to call among them. */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { joined } from './calls.ts';
import { quantile, type Figures, type Row } from './measure.ts';
import { call, payloadOf, register, secondOf, yielded } from './messages.ts';
import { usageOf } from './subject.ts';

/** What router and holders need files for beside the sessions. */
const otherFiles = 100;
/** Each a process, since each may open only so many files itself. */
const holders = 2;
const attempts = 2000;
const procedure = 'bench.procedure.crowd';

export async function crowd(host: string): Promise<Figures> {
  const fileLimit = Number(execFileSync('sh', ['-c', 'ulimit -n'])); // the shell has it from us, the router has the same
  const wanted = Math.floor((fileLimit - otherFiles) / holders) * holders;
  await latencies(host); // code that runs seldom is compiled late
  const empty = await latencies(host);
  const before = await usageOf(host, '?collect');
  const processes = await Promise.all(Array.from({ length: holders }, () => holder(host, wanted / holders)));
  const after = await usageOf(host, '?collect');
  const full = await latencies(host);
  await Promise.all(processes.map(ended));
  const each = (bytes: number) => bytes / wanted / 1024;
  const rows: Row[] = [
    { what: 'files that the router may open', ours: fileLimit },
    { what: 'sessions reached', ours: wanted },
    { what: 'KB of heap each', ours: each(after.heap - before.heap) },
    { what: 'KB of resident memory each', ours: each(after.resident - before.resident) },
    ...(['join', 'call'] as const).flatMap((what) =>
      [0.5, 0.99].map((share): Row => ({
        what: `ms to ${what} beside them, p${share * 100}; on an empty router`,
        ours: quantile(full[what], share),
        beside: quantile(empty[what], share),
      })),
    ),
  ];
  return { operations: wanted, ms: 0, cpuMs: 0, rows };
}

/** Of one after another, in ms: a handshake with HELLO and WELCOME, and a call that is answered by another session. */
async function latencies(
  host: string,
): Promise<{ readonly join: readonly number[]; readonly call: readonly number[] }> {
  const [callee, caller] = [await joined(host), await joined(host)];
  await callee.ask(register(1, procedure));
  const text = payloadOf(32);
  callee.onMessage = (data, start) => callee.send(yielded(secondOf(data, start), text));
  const join: number[] = [];
  const calls: number[] = [];
  for (let i = 1; i <= attempts; i++) {
    const start = performance.now();
    const peer = await joined(host);
    const between = performance.now();
    await caller.ask(call(i, procedure, text));
    calls.push(performance.now() - between);
    join.push(between - start);
    await peer.close();
  }
  await Promise.all([callee.close(), caller.close()]);
  return { join, call: calls };
}

async function holder(host: string, count: number): Promise<ChildProcess> {
  const made = fork(fileURLToPath(new URL('crowd-holder.ts', import.meta.url)), [host, String(count)]);
  const failed = once(made, 'exit').then(() => {
    throw new Error(`a process that was to hold ${count} sessions has ended`);
  });
  await Promise.race([once(made, 'message'), failed]);
  failed.catch(() => {});
  return made;
}

async function ended(made: ChildProcess): Promise<void> {
  const exit = once(made, 'exit');
  made.disconnect();
  await exit;
}
