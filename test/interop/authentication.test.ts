/** Every client that can prove who it is, by every method that it knows, right and wrong. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import autobahn from 'autobahn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Wampy } from 'wampy';
import { sign as signCryptosign } from 'wampy/cryptosign.js';
import { JsonSerializer } from 'wampy/JsonSerializer.js';
import { MsgpackSerializer } from 'wampy/MsgpackSerializer.js';
import { sign as signWampcra } from 'wampy/wampcra.js';
import {
  CallError,
  connectWebSocket,
  errors,
  join,
  saltWampcra,
  serializers,
  withCryptosign,
  withScram,
  withTicket,
  withWampcra,
} from '../../protocol/index.ts';
import {
  argon2id,
  autobahnScram,
  cryptosign,
  keepAutobahnScramPassword,
  keepScramPassword,
  scram,
  ticket,
  wampcra,
} from '../../server/authentication/index.ts';
import { listen, notFound } from '../../server/http.ts';
import { permissiveRealm } from '../../server/router/index.ts';
import { Hub, serveWebSocket } from '../../server/transports/index.ts';
import { first } from '../server/transports/certificates.ts';
import type { SerializerName } from './clients/index.ts';
import { python, pythonMissing, script } from './clients/index.ts';
import { serializerNames } from './ends.ts';

const role = 'anonymous'; // the one that the permissive realm has
const seed = '1f'.repeat(32);
const publicKey = String((await withCryptosign({ key: seed })).authextra!['pubkey']);
const salt = { salt: 'pepper01', iterations: 2000, keylen: 32 };
const password = 'open-sesame ü';
const cost = { iterations: 2, memory: 1024 };

async function startRouter(isTls = false) {
  const bytes = Buffer.alloc(16, 7);
  const authentication = [
    ticket({ principals: { ada: { ticket: password, role } } }),
    wampcra({
      principals: {
        ada: { secret: password, role },
        bob: { secret: await saltWampcra(password, salt), role, ...salt },
      },
    }),
    scram({
      principals: {
        ada: { role, ...(await keepScramPassword(password, bytes, { kdf: 'pbkdf2', iterations: 4096 })) },
        bob: { role, ...(await keepScramPassword(password, bytes, { kdf: 'argon2id13', ...cost })) },
      },
    }),
    autobahnScram({ principals: { ada: { role, ...(await keepAutobahnScramPassword(password, bytes, cost)) } } }),
    cryptosign({ principals: { ada: { role, authorizedKeys: [publicKey] } }, routerKey: '2e'.repeat(32) }),
  ];
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication }] });
  const server = isTls
    ? createTlsServer({ cert: first.certificate, key: first.key }, notFound)
    : createServer(notFound);
  const sockets = serveWebSocket({ hub, server });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  const stop = async () => {
    await hub.stop();
    sockets.close();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `${isTls ? 'wss' : 'ws'}://127.0.0.1:${port}/ws`, port, stop };
}

let router: Awaited<ReturnType<typeof startRouter>>;
beforeAll(async () => {
  router = await startRouter();
});
afterAll(() => router.stop());

/** Who WELCOME says it is; or the reason of ABORT. */
type Outcome = { readonly authid: string; readonly authmethod: string } | { readonly reason: string };
const ada = (authmethod: string, authid = 'ada') => ({ authid, authmethod });
const denied = { reason: errors.authenticationDenied };
const otherKey = '2f'.repeat(32);

describe.each(serializerNames)('realmkit %s', (serializer) => {
  const come = async (credentials: Parameters<typeof join>[1]): Promise<Outcome> => {
    try {
      const spoken = serializers.filter(({ subprotocol }) => subprotocol === `wamp.2.${serializer}`);
      const session = await join(await connectWebSocket(router.url, { serializers: spoken }), credentials);
      await session.leave();
      return ada(session.authmethod, session.authid);
    } catch (error) {
      if (error instanceof CallError) return { reason: error.uri };
      throw error;
    }
  };
  const realm = 'realm1';

  test('[Ticket-based Authentication]', async () => {
    expect(await come({ realm, ...withTicket({ authid: 'ada', ticket: password }) })).toEqual(ada('ticket'));
    expect(await come({ realm, ...withTicket({ authid: 'ada', ticket: 'wrong' }) })).toEqual(denied);
  });
  test.each(['ada', 'bob'])('[Challenge Response Authentication] %s', async (authid) => {
    const by = (secret: string) => come({ realm, ...withWampcra({ authid, secret }) });
    expect(await by(password)).toEqual(ada('wampcra', authid));
    expect(await by('wrong')).toEqual(denied);
  });
  test.each(['ada', 'bob'])('[SCRAM Authentication] %s', async (authid) => {
    const by = (given: string) => come({ realm, ...withScram({ authid, password: given, argon2id }) });
    expect(await by(password)).toEqual(ada('wamp-scram', authid));
    expect(await by('wrong')).toEqual(denied);
  });
  test('[Cryptosign-based Authentication]', async () => {
    expect(await come({ realm, ...(await withCryptosign({ key: seed })) })).toEqual(ada('cryptosign'));
    expect(await come({ realm, ...(await withCryptosign({ key: otherKey })) })).toEqual(denied);
  });
});

describe.each(serializerNames)('autobahn-js %s', (serializer) => {
  const come = (credentials: Partial<autobahn.ConnectionOptions>): Promise<Outcome> => {
    autobahn.log.warn = () => {};
    const { JSONSerializer, MsgpackSerializer: Msgpack } = autobahn.serializer;
    const connection = new autobahn.Connection({
      url: router.url,
      realm: 'realm1',
      serializers: [serializer === 'json' ? new JSONSerializer() : new Msgpack()],
      ...credentials,
    });
    return new Promise((resolve) => {
      const onopen = (_session: autobahn.Session, { authid, authmethod }: { authid: string; authmethod: string }) => {
        resolve(ada(authmethod, authid));
        connection.close();
      };
      const onclose: autobahn.Connection['onclose'] = (_, { reason }) => {
        resolve({ reason: String(reason) });
        return true;
      };
      Object.assign(connection, { onopen, onclose });
      connection.open();
    });
  };

  test('[Ticket-based Authentication]', async () => {
    const by = (given: string) => come({ authid: 'ada', authmethods: ['ticket'], onchallenge: () => given });
    expect(await by(password)).toEqual(ada('ticket'));
    expect(await by('wrong')).toEqual(denied);
  });
  test.each(['ada', 'bob'])('[Challenge Response Authentication] %s', async (authid) => {
    const { sign, derive_key: derive } = autobahn.auth_cra;
    const by = (secret: string) =>
      come({
        authid,
        authmethods: ['wampcra'],
        onchallenge: (_session, _method, extra) => {
          const { salt: grain, iterations, keylen } = extra;
          const key = typeof grain === 'string' ? derive(secret, grain, Number(iterations), Number(keylen)) : secret;
          return sign(key, String(extra['challenge']));
        },
      });
    expect(await by(password)).toEqual(ada('wampcra', authid));
    expect(await by('wrong')).toEqual(denied);
  });
  test('[Cryptosign-based Authentication]', async () => {
    const { sign_challenge: sign, public_key: publicKeyOf } = autobahn.auth_cryptosign;
    const by = (key: string) => {
      const pair = autobahn.nacl.sign.keyPair.fromSeed(new Uint8Array(Buffer.from(key, 'hex')));
      const authextra = { pubkey: publicKeyOf(pair), trustroot: null, challenge: null, channel_binding: null };
      const onchallenge: autobahn.ConnectionOptions['onchallenge'] = (_session, _method, extra) => sign(pair, extra);
      return come({ authmethods: ['cryptosign'], authextra, onchallenge });
    };
    expect(await by(seed)).toEqual(ada('cryptosign'));
    expect(await by(otherKey)).toEqual(denied);
  });
});

describe.each(serializerNames)('wampy %s', (serializer) => {
  const come = async (credentials: object): Promise<Outcome> => {
    let refused: unknown;
    const client = new Wampy(router.url, {
      realm: 'realm1',
      ws: WebSocket,
      serializer: serializer === 'json' ? new JsonSerializer() : new MsgpackSerializer(),
      autoReconnect: false,
      onError: (error: unknown) => void (refused = error),
      authid: 'ada',
      ...credentials,
    });
    const welcome = await client.connect().catch((error: unknown) => (refused = error));
    if (refused !== undefined) return { reason: reasonOf(refused) };
    await client.disconnect();
    const { authid, authmethod } = welcome as { authid: string; authmethod: string };
    return { authid, authmethod };
  };
  const reasonOf = (error: unknown) =>
    typeof error === 'object' && error !== null && 'errorUri' in error ? String(error.errorUri) : String(error);

  test('[Ticket-based Authentication]', async () => {
    const by = (given: string) => come({ authmethods: ['ticket'], onChallenge: () => given });
    expect(await by(password)).toEqual(ada('ticket'));
    expect(await by('wrong')).toEqual(denied);
  });
  test.each(['ada', 'bob'])('[Challenge Response Authentication] %s', async (authid) => {
    const by = (secret: string) => come({ authid, authmethods: ['wampcra'], onChallenge: signWampcra(secret) });
    expect(await by(password)).toEqual(ada('wampcra', authid));
    expect(await by('wrong')).toEqual(denied);
  });
  test('[Cryptosign-based Authentication]', async () => {
    const by = async (key: string) => {
      const { authextra } = await withCryptosign({ key });
      return come({ authmethods: ['cryptosign'], authextra, onChallenge: signCryptosign(key) });
    };
    expect(await by(seed)).toEqual(ada('cryptosign'));
    expect(await by(otherKey)).toEqual(denied);
  });
});

const reason = pythonMissing === undefined ? '' : ` (${pythonMissing})`;
describe.skipIf(pythonMissing !== undefined).each(serializerNames)(`python3-autobahn %s${reason}`, (serializer) => {
  const come = (method: string, credentials: object) => comePython(router.url, serializer, method, credentials);

  test('[Ticket-based Authentication]', async () => {
    expect(await come('ticket', { authid: 'ada', ticket: password })).toEqual(ada('ticket'));
    expect(await come('ticket', { authid: 'ada', ticket: 'wrong' })).toEqual(denied);
  });
  test.each(['ada', 'bob'])('[Challenge Response Authentication] %s', async (authid) => {
    expect(await come('wampcra', { authid, secret: password })).toEqual(ada('wampcra', authid));
    expect(await come('wampcra', { authid, secret: 'wrong' })).toEqual(denied);
  });
  test('its own dialect of SCRAM, whose proof of the router it checks', async () => {
    expect(await come('scram', { authid: 'ada', password })).toEqual(ada('scram'));
    expect(await come('scram', { authid: 'ada', password: 'wrong' })).toEqual(denied);
    expect(await come('scram', { authid: 'eve', password })).toEqual(denied);
  });
  test('[Cryptosign-based Authentication]', async () => {
    expect(await come('cryptosign', { authid: 'ada', privkey: seed })).toEqual(ada('cryptosign'));
    expect(await come('cryptosign', { authid: 'ada', privkey: otherKey })).toEqual(denied);
  });
});

describe.skipIf(pythonMissing !== undefined)(`[Channel Binding] python3-autobahn by TLS${reason}`, () => {
  let secured: Awaited<ReturnType<typeof startRouter>>;
  let folder: string;
  let certificate: string;
  beforeAll(async () => {
    secured = await startRouter(true);
    folder = await mkdtemp(joinPath(tmpdir(), 'realmkit-'));
    certificate = joinPath(folder, 'certificate.pem');
    await writeFile(certificate, first.certificate);
  });
  afterAll(async () => {
    await secured.stop();
    await rm(folder, { recursive: true });
  });
  const bound = { authid: 'ada', privkey: seed, authextra: { channel_binding: 'tls-unique' } };
  const come = (port: number) => comePython(`wss://127.0.0.1:${port}/ws`, 'json', 'cryptosign', bound, certificate);

  test('it signs for the same TLS connection that the router sees', async () => {
    expect(await come(secured.port)).toEqual(ada('cryptosign'));
  });
  test('what it signed is worth nothing on another, which somebody between has opened', async () => {
    const between = createTlsServer({ cert: first.certificate, key: first.key });
    between.removeAllListeners('secureConnection');
    between.on('secureConnection', (near) => {
      const options = { host: '127.0.0.1', port: secured.port, rejectUnauthorized: false };
      const far = connectTls({ ...options, maxVersion: 'TLSv1.2' });
      for (const socket of [near, far]) socket.on('error', () => socket.destroy());
      near.pipe(far).pipe(near);
    });
    const port = await listen(between, { host: '127.0.0.1', port: 0 });
    const unbound = { authid: 'ada', privkey: seed };
    const url = `wss://127.0.0.1:${port}/ws`;
    expect(await comePython(url, 'json', 'cryptosign', unbound, certificate)).toEqual(ada('cryptosign'));
    expect(await come(port)).toEqual(denied);
    between.close();
    await once(between, 'close');
  });
});

async function comePython(
  url: string,
  serializer: SerializerName,
  method: string,
  credentials: object,
  certificate = '',
): Promise<Outcome> {
  const how = [script('authenticate.py'), url, serializer, method, JSON.stringify(credentials), certificate];
  const { stdout } = await promisify(execFile)(python, how);
  const { authid, authmethod, reason: uri } = JSON.parse(stdout.split('\n')[0]!) as Record<string, string>;
  return uri === undefined ? ada(authmethod!, authid) : { reason: uri };
}
