import { randomBytes } from 'node:crypto';
import { admitsBy, ask, optionalCount, requiredText, type Answer, type Source } from './authenticator.ts';
import { denied, needsAuthid, type AuthenticationMethod, type Verdict } from './method.ts';
import { Decoys, equal, hmacSha256 } from './secrets.ts';

/** With a salt, `secret` is what `saltWampcra` makes of the password: the password itself is nowhere on the router. */
export interface WampcraSecret {
  readonly secret: string;
  readonly salt?: string;
  /** Of PBKDF2; default 1000. */
  readonly iterations?: number;
  /** In bytes; default 32. */
  readonly keylen?: number;
}
export type WampcraPrincipal = WampcraSecret & { readonly role: string };

export type WampcraOptions = Source<WampcraPrincipal> & {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly newNonce?: () => string;
};

/** A secret that itself never goes over the wire. WAMP "Challenge Response Authentication". */
export function wampcra({ now = Date.now, newNonce = randomNonce, ...source }: WampcraOptions): AuthenticationMethod {
  const find = source.authenticator ? undefined : finder(source.principals);
  return {
    name: 'wampcra',
    admits: admitsBy(source),
    begin(hello, arrival) {
      const { authid } = hello;
      if (authid === undefined) return needsAuthid('wampcra');
      if (find) return challenge(hello.session, find(authid));
      return ask(source.authenticator!, { method: 'wampcra', hello, arrival }).then((answer) =>
        challenge(hello.session, foundBy(answer)),
      );
    },
  };

  function challenge(session: number, found: Found): Verdict {
    const { admitted, authextra, secret, salt, iterations = 1000, keylen = 32 } = found;
    const { authid, authrole, authprovider } = admitted;
    const said = { authid, authrole, authmethod: 'wampcra', authprovider, session };
    const text = JSON.stringify({ ...said, nonce: newNonce(), timestamp: new Date(now()).toISOString() });
    return {
      verdict: 'challenge',
      method: 'wampcra',
      extra: { challenge: text, ...(salt !== undefined && { salt, iterations, keylen }) },
      answer(signature) {
        const genuine = equal(signature, hmacSha256(secret, text).toString('base64'));
        if (!genuine || found.isDecoy) return denied;
        const principal = { ...admitted, authmethod: 'wampcra' };
        return { verdict: 'welcome', principal, ...(authextra && { authextra }) };
      },
    };
  }
}

/** Who is asked for proof; of a decoy, no proof is good enough. */
interface Found extends WampcraSecret, Pick<Answer, 'admitted' | 'authextra'> {
  readonly isDecoy: boolean;
}

function finder(principals: Readonly<Record<string, WampcraPrincipal>>): (authid: string) => Found {
  const byAuthid = new Map(Object.entries(principals));
  const decoys = new Decoys(principals);
  return (authid) => {
    const known = byAuthid.get(authid);
    const decoy = decoyOf(authid, decoys); // for known ones, too: it takes its time
    const { role, ...secret } = known ?? decoy;
    return { ...secret, admitted: { authid, authrole: role, authprovider: 'static' }, isDecoy: !known };
  };
}

function decoyOf(authid: string, decoys: Decoys<WampcraPrincipal>): WampcraPrincipal {
  const bytes = decoys.bytes(authid, 32);
  const { role, ...model } = decoys.model(authid) ?? { role: 'user', secret: '' };
  const salt = model.salt === undefined ? {} : { salt: like(model.salt, bytes) };
  return { ...model, ...salt, role, secret: bytes.toString('base64') };
}

/** A salt of the same length, that looks like this one. */
const like = (salt: string, bytes: Buffer): string =>
  bytes
    .toString(/^[0-9a-f]*$/.test(salt) ? 'hex' : 'base64')
    .repeat(Math.ceil(salt.length / 44))
    .slice(0, salt.length);

const foundBy = ({ fields, ...answer }: Answer): Found => {
  const salt = fields['salt'] === undefined || fields['salt'] === null ? undefined : requiredText(fields, 'salt');
  const iterations = optionalCount(fields, 'iterations');
  const keylen = optionalCount(fields, 'keylen');
  return {
    ...answer,
    secret: requiredText(fields, 'secret'),
    ...(salt !== undefined && { salt }),
    ...(iterations !== undefined && { iterations }),
    ...(keylen !== undefined && { keylen }),
    isDecoy: false,
  };
};

const randomNonce = () => randomBytes(16).toString('base64url');
