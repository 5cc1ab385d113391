/** What a process under measurement offers beside its WebSockets: its URL to its parent, what it has used to anybody who GETs. */
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Usage {
  /** Processor time since it started, ms. */
  readonly cpuMs: number;
  /** After a garbage collection, bytes: JavaScript's, and all that the process has. */
  readonly heap: number;
  readonly resident: number;
}

/** `/usage`; with `?collect` garbage is collected first, and pages that V8 keeps for later are given back. */
export const usage: RequestListener = ({ url }, response) => {
  if (url?.endsWith('?collect')) globalThis.gc?.({ type: 'major', flavor: 'last-resort' });
  const { user, system } = process.cpuUsage();
  const { heapUsed, external, rss } = process.memoryUsage();
  const used: Usage = { cpuMs: (user + system) / 1000, heap: heapUsed + external, resident: rss };
  response.setHeader('connection', 'close').end(JSON.stringify(used));
};

export async function serve(server: Server): Promise<void> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 });
  await once(server, 'listening');
  process.on('disconnect', () => process.exit());
  process.send?.(`127.0.0.1:${(server.address() as AddressInfo).port}`);
}

export async function usageOf(host: string, query = ''): Promise<Usage> {
  const answer = await fetch(`http://${host}/usage${query}`);
  return (await answer.json()) as Usage;
}
