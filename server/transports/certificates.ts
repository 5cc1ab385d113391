/** The certificate of a TLS listener, read anew when its files change: new connections get it, old ones stay as they are. */
import { watch, type FSWatcher } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import type { Clock } from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';

export interface CertificateFiles {
  /** PEM, with its chain. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  readonly passphrase?: string;
  /** PEM of the authorities whose client certificates count as verified. */
  readonly clientAuthorities?: string;
}

export interface CertificateOptions {
  /** Told when the files have changed and cannot be used; the old ones are kept. Default: the console. */
  readonly report?: (error: unknown) => void;
  readonly clock?: Clock;
  /** How long the files must have been at rest. */
  readonly restMs?: number;
}

export interface Certificate {
  readonly context: SecureContextOptions;
  /** From now on the server has what is in the files. Ends with `close`. */
  keepFresh(server: Server): void;
  close(): void;
}

/** @throws Error when they cannot be read, or do not belong together. */
export async function loadCertificate(files: CertificateFiles, options: CertificateOptions = {}): Promise<Certificate> {
  let context = await read(files);
  const watched = new Watched(await foldersOf(files), options);
  return {
    context,
    keepFresh(server) {
      watched.start(async () => {
        const fresh = await read(files);
        if (isSame(context, fresh)) return;
        context = fresh;
        server.setSecureContext(fresh);
      });
    },
    close: () => watched.close(),
  };
}

async function read({ certificate, key, passphrase, clientAuthorities }: CertificateFiles): Promise<Context> {
  const context: Context = {
    cert: await readFile(certificate, 'utf8'),
    key: await readFile(key, 'utf8'),
    ...(clientAuthorities !== undefined && { ca: await readFile(clientAuthorities, 'utf8') }),
    ...(passphrase !== undefined && { passphrase }),
  };
  createSecureContext(context); // throws where the key is another's
  return context;
}
type Context = { readonly cert: string; readonly key: string; readonly ca?: string; readonly passphrase?: string };

const isSame = (left: Context, right: Context) =>
  left.cert === right.cert && left.key === right.key && left.ca === right.ca;

/** A renewal may replace a file, or a link to it or to its folder: folders show both. */
async function foldersOf({ certificate, key, clientAuthorities = key }: CertificateFiles): Promise<readonly string[]> {
  const paths = [certificate, key, clientAuthorities];
  const real = await Promise.all(paths.map((path) => realpath(path)));
  return [...new Set([...paths, ...real].map((path) => dirname(path)))];
}

/** Calls back when folders have changed and are at rest again: one renewal makes several changes. */
class Watched {
  readonly #folders: readonly string[];
  readonly #clock: Clock;
  readonly #restMs: number;
  readonly #report: (error: unknown) => void;
  #watchers: readonly FSWatcher[] = [];
  #timer: unknown;

  constructor(folders: readonly string[], { clock, restMs, report }: CertificateOptions) {
    this.#folders = folders;
    this.#clock = clock ?? backgroundClock;
    this.#restMs = restMs ?? defaults.certificateRestMs;
    this.#report = report ?? ((error) => console.error(error));
  }

  start(onRest: () => Promise<void>): void {
    const changed = () => {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = this.#clock.setTimeout(() => void onRest().catch(this.#report), this.#restMs);
    };
    this.#watchers = this.#folders.map((folder) =>
      watch(folder, { persistent: false }, changed).on('error', this.#report),
    );
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }
}
