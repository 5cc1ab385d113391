import type { Dict } from '../../protocol/index.ts';

/** What a transport knows of its peer before it says HELLO: for methods that go by it, and for components that decide. */
export interface TransportFacts {
  readonly type: 'memory' | 'websocket' | 'rawsocket' | 'longpoll';
  /** Where it comes from, for people and logs: `127.0.0.1:50123`, `unix:/run/router.sock`. */
  readonly peer: string;
  /** Nobody between the two ends can read along: TLS, or no network at all. */
  readonly secure: boolean;
  /** The WebSocket subprotocol, or the serializer of a RawSocket. */
  readonly protocol?: string;
  /** Of the HTTP request that opened it, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The value of the tracking cookie, whether the peer brought it or has just been given it. */
  readonly cookie?: string;
  /** What the peer showed in the TLS handshake, and has the private key of. */
  readonly certificate?: PeerCertificate;
  /** The channel binding data of RFC 5929 and RFC 9266, where this TLS connection has such. */
  channelBinding?(type: ChannelBindingType): Uint8Array | undefined;
}

export interface PeerCertificate {
  /** Fingerprints, in hex digits. */
  readonly sha1: string;
  readonly sha256: string;
  /** `CN` and the like. */
  readonly subject: Readonly<Record<string, string>>;
  readonly issuer: Readonly<Record<string, string>>;
  /** Signed by an authority that the listener trusts. Without, only its fingerprint says whose it is. */
  readonly verified: boolean;
}

export const channelBindingTypes = ['tls-unique', 'tls-exporter', 'tls-server-end-point'] as const;
export type ChannelBindingType = (typeof channelBindingTypes)[number];

/** Of a component in this process. */
export const inProcess: TransportFacts = { type: 'memory', peer: 'this process', secure: true };

/** As components are told, in Crossbar's words. */
export const describeTransport = ({
  type,
  peer,
  secure,
  protocol,
  headers,
  cookie,
  certificate,
}: TransportFacts): Dict => ({
  type,
  peer,
  is_secure: secure,
  ...(protocol !== undefined && { protocol }),
  ...(headers && { http_headers_received: headers }),
  ...(cookie !== undefined && { cbtid: cookie }),
  ...(certificate && { peer_cert: certificate }),
});
