import { ask, type Source } from './authenticator.ts';
import { denied, type AuthenticationMethod } from './method.ts';
import type { PeerCertificate } from './transport-facts.ts';

export interface CertificatePrincipal {
  readonly role: string;
  /** Default: the certificate's common name. */
  readonly authid?: string;
}

/**
 * The certificate of the TLS handshake says who it is. Principals are found by its fingerprint, SHA-256 or, as in Crossbar,
 * SHA-1, in hex digits with or without colons; a listed one need not be signed by anybody.
 */
export function tls(source: Source<CertificatePrincipal>): AuthenticationMethod {
  const byFingerprint = new Map(
    Object.entries(source.principals ?? {}).map(([fingerprint, principal]) => [normal(fingerprint), principal]),
  );
  const find = ({ sha256, sha1 }: PeerCertificate) =>
    byFingerprint.get(normal(sha256)) ?? byFingerprint.get(normal(sha1));
  return {
    name: 'tls',
    begin(hello, arrival) {
      const { certificate } = arrival.facts;
      if (!certificate) return { verdict: 'pass' };
      const authid = certificate.subject['CN'];
      if (source.authenticator) {
        const asked = ask(source.authenticator, { method: 'tls', hello, arrival, authid: authid ?? null });
        return asked.then(({ admitted, authextra }) => ({
          verdict: 'welcome',
          principal: { ...admitted, authmethod: 'tls' },
          ...(authextra && { authextra }),
        }));
      }
      const known = find(certificate);
      const who = known?.authid ?? authid;
      if (!known || who === undefined) return denied;
      const principal = { authid: who, authrole: known.role, authmethod: 'tls', authprovider: 'static' };
      return { verdict: 'welcome', principal };
    },
    admits({ authid, authrole }, { certificate }) {
      if (source.authenticator) return true;
      const known = certificate && find(certificate);
      return known?.role === authrole && (known.authid ?? certificate?.subject['CN']) === authid;
    },
  };
}

const normal = (fingerprint: PeerCertificate['sha256']) => fingerprint.replaceAll(':', '').toLowerCase();
