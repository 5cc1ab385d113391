/** Files for the web page, and listening on a port with errors that say what to do. */
import type { RequestListener } from 'node:http';
import type { Server } from 'node:net';
import sirv from 'sirv';
import { removeStaleSocket } from './transports/index.ts';

/** A refusal to start that its user can mend: shown as one line, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const headers = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss: blob: data:; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

/** Serves the files of a folder; what is not there is 404. Names with a hash in them may be cached for ever. */
export function files(folder: string): RequestListener {
  const serve = sirv(folder, {
    etag: true,
    gzip: true,
    setHeaders(response, path) {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.setHeader(
        'cache-control',
        path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  return (request, response) => serve(request, response, () => notFound(request, response));
}

/** For a server that has no page. */
export const notFound: RequestListener = (_, response) => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is nothing here.\n');
};

export type Place = { readonly port: number; readonly host: string } | { readonly path: string };

/**
 * Resolves with the port once the server listens; port 0 takes any free one, a Unix socket has none: 0.
 * @throws StartError saying which port is taken, or may not be used.
 */
export async function listen(server: Server, place: Place): Promise<number> {
  if ('path' in place) await removeStaleSocket(place.path);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, place)));
    server.listen(place, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function explained(error: NodeJS.ErrnoException, place: Place): Error {
  if ('path' in place) return new StartError(`The socket ${place.path} cannot be used: ${error.message}`);
  const { port, host } = place;
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${port} is taken: stop what listens there, or choose another (0: any free one).`);
    case 'EACCES':
      return new StartError(`Port ${port} may not be used by this user: choose one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`This machine has no address "${host}": choose another.`);
    default:
      return error;
  }
}
