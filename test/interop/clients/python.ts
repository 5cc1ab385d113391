/** Debian's python3-autobahn, on asyncio: a process that is driven over its standard input and output (python/remote.py). */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CallError, type Dict, type List } from '../../../protocol/index.ts';
import type { Client, Handler, Payload, Peer } from './client.ts';

export const python = '/usr/bin/python3';
const installed =
  spawnSync(python, ['-c', 'import autobahn.asyncio.wamp, cbor2, msgpack'], { stdio: 'ignore' }).status === 0;
export const pythonMissing = installed ? undefined : "not installed: Debian's python3-autobahn";

export const script = (name: string) => new URL(`../python/${name}`, import.meta.url).pathname;

export const autobahnPython: Client = {
  name: 'python3-autobahn',
  answersInParts: true,
  interruptible: true,
  ...(pythonMissing !== undefined && { missing: pythonMissing }),
  async connect(url, serializer, realm = 'realm1'): Promise<Peer> {
    const remote = new Remote(url, serializer, realm);
    return {
      session: await remote.joined,
      closed: remote.closed,
      call: (procedure, payload, { onPart, signal } = {}) => {
        const { id, answer } = remote.ask(
          { do: 'call', uri: procedure, ...payload, progress: onPart !== undefined },
          onPart,
        );
        signal?.addEventListener('abort', () => remote.tell({ cancel: id }));
        return answer;
      },
      async register(procedure, handler, options) {
        remote.handlers.set(procedure, handler);
        await remote.ask({ do: 'register', uri: procedure, ...options }).answer;
      },
      async subscribe(topic, handler, options) {
        remote.listeners.set(topic, handler);
        await remote.ask({ do: 'subscribe', uri: topic, ...options }).answer;
      },
      async publish(topic, payload) {
        return Number((await remote.ask({ do: 'publish', uri: topic, ...payload }).answer).args[0]);
      },
      async leave() {
        await remote.ask({ do: 'leave' }).answer;
        await remote.closed;
      },
    };
  },
};

/** A line that the process writes. */
type Line = { readonly args: List; readonly kwargs: Dict } & (
  | { readonly is: 'joined'; readonly session: number }
  | { readonly is: 'answer' | 'part'; readonly id: number }
  | { readonly is: 'failure'; readonly id: number; readonly error: string }
  | { readonly is: 'invocation'; readonly id: number; readonly uri: string }
  | { readonly is: 'interrupt'; readonly id: number }
  | { readonly is: 'event'; readonly uri: string }
);

interface Asked {
  resolve(payload: Payload): void;
  reject(error: CallError): void;
  onPart?: ((part: Payload) => void) | undefined;
}

class Remote {
  readonly joined: Promise<number>;
  readonly closed: Promise<void>;
  readonly handlers = new Map<string, Handler>();
  readonly listeners = new Map<string, (event: Payload) => void>();
  readonly tell: (line: object) => void;
  readonly #asked = new Map<number, Asked>();
  readonly #running = new Map<number, AbortController>();
  #lastId = 0;
  #join!: (session: number) => void;

  constructor(url: string, serializer: string, realm: string) {
    const process = spawn(python, [script('remote.py'), url, serializer, realm], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.tell = (line) => process.stdin.write(`${JSON.stringify(line)}\n`);
    this.closed = new Promise((resolve) => process.once('exit', () => resolve()));
    this.joined = new Promise((resolve, reject) => {
      this.#join = resolve;
      void this.closed.then(() => reject(new Error('python3-autobahn ended')));
    });
    createInterface(process.stdout).on('line', (line) => this.#heard(JSON.parse(line) as Line));
  }

  ask(command: object, onPart?: (part: Payload) => void): { id: number; answer: Promise<Payload> } {
    const id = ++this.#lastId;
    const answer = new Promise<Payload>((resolve, reject) => this.#asked.set(id, { resolve, reject, onPart }));
    this.tell({ id, ...command });
    return { id, answer };
  }

  #heard(line: Line): void {
    const { args, kwargs } = line;
    switch (line.is) {
      case 'joined':
        return this.#join(line.session);
      case 'answer':
        return this.#asked.get(line.id)?.resolve({ args, kwargs });
      case 'failure':
        return this.#asked.get(line.id)?.reject(new CallError(line.error, args, kwargs));
      case 'part':
        return this.#asked.get(line.id)?.onPart?.({ args, kwargs });
      case 'event':
        return this.listeners.get(line.uri)?.({ args, kwargs });
      case 'interrupt':
        return this.#running.get(line.id)?.abort();
      case 'invocation':
        return void this.#invoked(line.id, line.uri, { args, kwargs });
    }
  }

  async #invoked(id: number, uri: string, payload: Payload): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const part = (args: List) => this.tell({ answers: id, part: true, args, kwargs: {} });
    try {
      const answer = await this.handlers.get(uri)!({ ...payload, signal: controller.signal, part });
      this.tell({ answers: id, ...answer });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.tell({ answers: id, error: error.uri, args: error.args, kwargs: error.kwargs });
    }
  }
}
