/** What a socket tells of who is at its other end, before any message. */
import { createHash, type X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket, type PeerCertificate as NodeCertificate } from 'node:tls';
import type { ChannelBindingType, PeerCertificate, TransportFacts } from '../authentication/index.ts';

type SocketFacts = Pick<TransportFacts, 'peer' | 'secure' | 'certificate' | 'channelBinding'>;

export function socketFacts(socket: Socket): SocketFacts {
  const { remoteAddress, remotePort } = socket;
  if (!(socket instanceof TLSSocket)) {
    if (remoteAddress === undefined) return { peer: `unix:${unixPath(socket)}`, secure: true };
    return { peer: `${remoteAddress}:${remotePort}`, secure: false };
  }
  const certificate: NodeCertificate | null = socket.getPeerCertificate(true); // null once it has ended
  return {
    peer: `${remoteAddress}:${remotePort}`,
    secure: true,
    ...(certificate?.raw && { certificate: described(certificate, socket.authorized) }),
    channelBinding: (type) => channelBinding(socket, type),
  };
}

/** One value a name; those that came more than once are joined. */
export const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** The peer has no name: ours says where it came in. */
function unixPath(socket: Socket): string {
  const address = socket.address();
  return 'path' in address ? String(address.path) : '';
}

function described(
  { fingerprint, fingerprint256, subject, issuer }: NodeCertificate,
  verified: boolean,
): PeerCertificate {
  return {
    sha1: hex(fingerprint),
    sha256: hex(fingerprint256),
    subject: named(subject),
    issuer: named(issuer),
    verified,
  };
}

const hex = (fingerprint: string) => fingerprint.replaceAll(':', '').toLowerCase();
const named = (name: object): Record<string, string> =>
  Object.fromEntries(Object.entries(name).map(([key, value]) => [key, String(value)]));

/** RFC 5929, RFC 9266. TLS 1.3 has no tls-unique, and before there is tls-exporter only with extended master secrets. */
function channelBinding(socket: TLSSocket, type: ChannelBindingType): Uint8Array | undefined {
  const isNew = socket.getProtocol() === 'TLSv1.3';
  switch (type) {
    case 'tls-unique':
      // The first Finished message of the handshake: the client's, or ours where a session was resumed.
      return isNew ? undefined : socket.isSessionReused() ? socket.getFinished() : socket.getPeerFinished();
    case 'tls-exporter':
      return isNew ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)) : undefined;
    case 'tls-server-end-point': {
      const certificate = socket.getX509Certificate();
      return certificate && createHash(hashOf(certificate)).update(certificate.raw).digest();
    }
  }
}

/** That of the certificate's signature; for MD5 and SHA-1, and where Node does not tell it, SHA-256. */
function hashOf(certificate: X509Certificate & { readonly signatureAlgorithm?: string | undefined }): string {
  const [, bits = '256'] = /sha(384|512)/i.exec(certificate.signatureAlgorithm ?? '') ?? [];
  return `sha${bits}`;
}
