/**
 * The certificates of a TLS listener, read anew when their files change: new connections get them, old ones stay as they
 * are.
 */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext, type Server, type TlsOptions } from 'node:tls';
import { watchFiles, type WatchOptions } from './watch-files.ts';

export interface CertificateFiles {
  /** PEM, with its chain. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  readonly passphrase?: string;
  /** PEM of the authorities whose client certificates count as verified. */
  readonly clientAuthorities?: string;
}

export interface Certificates {
  readonly options: TlsOptions;
  /** From now on the server has what is in the files; what cannot be used is reported, and the old one kept. */
  keepFresh(server: Server): void;
  close(): void;
}

/**
 * @param all which of them a peer is shown, their names say and the name that it asks for; who asks for none of them, or
 * for no name, gets the first.
 * @throws Error when they cannot be read, or do not belong together.
 */
export async function loadCertificates(
  all: readonly [CertificateFiles, ...CertificateFiles[]],
  { report = console.error, ...options }: WatchOptions = {},
): Promise<Certificates> {
  const [files, ...others] = all;
  let first = await read(files);
  let more = await Promise.all(others.map(read));
  let watching = { close() {} };

  /** A name of its own goes before a wildcard. */
  const named = (name: string): Loaded | undefined => {
    const has = (wildcards: boolean) => (one: Loaded) => one.x509.checkHost(name, { wildcards }) !== undefined;
    return [first, ...more].find(has(false)) ?? [first, ...more].find(has(true));
  };
  const again = (paths: CertificateFiles, old: Loaded) =>
    read(paths).catch((error: unknown) => {
      report(error);
      return old;
    });
  const renew = async (server: Server) => {
    const before = first;
    first = await again(files, first);
    more = await Promise.all(others.map((paths, i) => again(paths, more[i]!)));
    if (!isSame(before.context, first.context)) server.setSecureContext(first.context);
  };
  return {
    options: {
      ...first.context,
      ...(others.length > 0 && { SNICallback: (name, answer) => answer(null, named(name)?.secure) }),
    },
    keepFresh(server) {
      const paths = all.flatMap(({ certificate, key, clientAuthorities = key }) => [
        certificate,
        key,
        clientAuthorities,
      ]);
      watching = watchFiles(paths, () => void renew(server), { report, ...options });
    },
    close: () => watching.close(),
  };
}

type Context = { readonly cert: string; readonly key: string; readonly ca?: string; readonly passphrase?: string };

interface Loaded {
  readonly context: Context;
  readonly secure: SecureContext;
  readonly x509: X509Certificate;
}

async function read({ certificate, key, passphrase, clientAuthorities }: CertificateFiles): Promise<Loaded> {
  const context: Context = {
    cert: await readFile(certificate, 'utf8'),
    key: await readFile(key, 'utf8'),
    ...(clientAuthorities !== undefined && { ca: await readFile(clientAuthorities, 'utf8') }),
    ...(passphrase !== undefined && { passphrase }),
  };
  const secure = createSecureContext(context); // throws where the key is another's
  return { context, secure, x509: new X509Certificate(context.cert) };
}

const isSame = (left: Context, right: Context) =>
  left.cert === right.cert && left.key === right.key && left.ca === right.ca;
