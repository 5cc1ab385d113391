/** Starts and kills game servers that keep their matches in one folder, and listen on one port. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('mortal-server.ts', import.meta.url));

export class Mortal {
  readonly #folder: string;
  #process: ChildProcess | null = null;
  #port = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/ws`;
  }

  async start(): Promise<void> {
    const started = fork(program, [String(this.#port), this.#folder], { execArgv: [] });
    const failed = once(started, 'exit').then(() => Promise.reject(new Error('the server did not start')));
    const [port] = (await Promise.race([once(started, 'message'), failed])) as [number];
    failed.catch(() => {}); // it is to be killed
    this.#port = port;
    this.#process = started;
  }

  /** @param signal SIGKILL: as if the machine had lost power. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const stopped = this.#process;
    this.#process = null;
    if (!stopped) return;
    const exit = once(stopped, 'exit');
    stopped.kill(signal);
    await exit;
  }
}
