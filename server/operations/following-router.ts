/** A router that follows its configuration file: it reads it anew when it has changed, or when it is told to. */
import { readFile } from 'node:fs/promises';
import { StartError } from '../http.ts';
import { watchFiles } from '../transports/index.ts';
import { readConfiguration, secretFiles } from './configuration-file.ts';
import type { Configuration } from './configuration.ts';
import { startConfiguredRouter, type ConfiguredRouter } from './configured-router.ts';

export interface FollowingRouter extends Pick<ConfiguredRouter, 'urls' | 'stop'> {
  /** Reads the file and the secrets, whether or not they have changed. Never rejects. */
  reload(): Promise<void>;
}

export interface Report {
  /** What has changed, in one line. */
  say(line: string): void;
  /** Why nothing has changed: a line for each fault, as `readConfiguration` says it. */
  complain(lines: string): void;
}

/** @throws StartError when it cannot start; later faults are reported, and the router goes on as it was. */
export async function startFollowingRouter(file: string, { say, complain }: Report): Promise<FollowingRouter> {
  const files = new WatchedContents(complain, () => void inTurn(reloadChanged));
  const configure = async <T>(use: (configuration: Configuration) => Promise<T>): Promise<T> => {
    await files.look(); // first, so that what changes while it is used counts as changed
    const configuration = await readConfiguration(file);
    await files.watch([file, ...secretFiles(configuration)]);
    return use(configuration);
  };
  const reload = async (): Promise<void> => {
    try {
      const changes = await configure((configuration) => router.reconfigure(configuration));
      say(`${file} was read anew: ${changes.join('; ') || 'realms, transports and limits are as they were'}`);
    } catch (error) {
      complain(`${explained(error)}\nThe router goes on as it was.`);
    }
  };
  const reloadChanged = async (): Promise<void> => {
    if (await files.haveChanged()) await reload();
  };
  /** One after the other, so that the last one counts. */
  let turn = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => (turn = turn.then(step));

  await files.watch([file]);
  const router = await configure(startConfiguredRouter).catch((error: unknown) => {
    files.close();
    throw error;
  });
  return {
    get urls() {
      return router.urls;
    },
    reload: () => inTurn(reload),
    async stop() {
      await inTurn(async () => files.close());
      await router.stop();
    },
  };
}

const explained = (error: unknown): string => {
  if (error instanceof StartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

/** Files, and what was in them when they were last looked at. */
class WatchedContents {
  readonly #report: (line: string) => void;
  readonly #onEvent: () => void;
  #seen = new Map<string, string | null>();
  #watching = { close() {} };

  constructor(report: (line: string) => void, onEvent: () => void) {
    this.#report = report;
    this.#onEvent = onEvent;
  }

  /** From now on these, of which those that are new are looked at. */
  async watch(paths: readonly string[]): Promise<void> {
    if (paths.length === this.#seen.size && paths.every((path) => this.#seen.has(path))) return;
    const before = this.#watching;
    const report = (error: unknown) => this.#report(`Files are not watched, send SIGHUP instead: ${String(error)}`);
    try {
      this.#watching = watchFiles(paths, this.#onEvent, { report });
      before.close();
      this.#onEvent(); // that one may have been about to say something
    } catch (error) {
      report(error); // the host has no more watches to give
    }
    const seen = this.#seen;
    this.#seen = new Map();
    for (const path of new Set(paths)) this.#seen.set(path, seen.has(path) ? seen.get(path)! : await content(path));
  }

  async look(): Promise<void> {
    for (const path of this.#seen.keys()) this.#seen.set(path, await content(path));
  }

  async haveChanged(): Promise<boolean> {
    for (const [path, seen] of this.#seen) if ((await content(path)) !== seen) return true;
    return false;
  }

  close(): void {
    this.#watching.close();
  }
}

/** null: it is not there, or cannot be read. */
const content = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
