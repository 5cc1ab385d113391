/** The dialect against its own arithmetic; `test/interop` has it against Autobahn itself. */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { argon2id, autobahnScram, denied, keepAutobahnScramPassword } from '../../../server/authentication/index.ts';
import { challengeOf, welcome } from './attempt.ts';

const salt = Buffer.alloc(16, 7);
const cost = { iterations: 2, memory: 1024 };
const clientNonce = Buffer.alloc(16, 1).toString('base64');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, i) => byte ^ b[i]!));

async function proofOf(password: string, extra: Readonly<Record<string, unknown>>) {
  const hash = await argon2id(new Uint8Array(Buffer.from(password)), new Uint8Array(salt), cost);
  const key = Buffer.from(hash).toString('base64').replace('=', '');
  const message = `n=ada,r=${clientNonce},r=${String(extra['nonce'])},s=${String(extra['salt'])},i=2,c=,r=${String(extra['nonce'])}`;
  const clientKey = hmac(key, 'Client Key');
  const stored = createHash('sha256').update(clientKey).digest();
  return {
    proof: xor(clientKey, hmac(stored, message)).toString('base64'),
    verifier: hmac(hmac(key, 'Server Key'), message).toString('base64'),
  };
}

describe("Autobahn's SCRAM", async () => {
  const kept = await keepAutobahnScramPassword('open-sesame', salt, cost);
  const method = autobahnScram({ principals: { ada: { role: 'player', ...kept } } });
  const ask = (authid: string) => challengeOf(method, { authid, authextra: { nonce: clientNonce } });

  test('has a method name, a function name and a nonce of its own', async () => {
    const { method: name, extra } = await ask('ada');
    expect(name).toBe('scram');
    expect(extra).toEqual({ kdf: 'argon2id-13', salt: salt.toString('base64'), ...cost, nonce: expect.any(String) });
    expect(Buffer.from(String(extra['nonce']), 'base64').subarray(0, 16)).toEqual(Buffer.alloc(16, 1));
  });
  test('the right password is welcome', async () => {
    const { extra, answer } = await ask('ada');
    const { proof, verifier } = await proofOf('open-sesame', extra);
    const principal = { authid: 'ada', authrole: 'player', authmethod: 'scram', authprovider: 'static' };
    expect(await answer(proof, {})).toEqual(welcome(principal, { scram_server_signature: verifier }));
  });
  test('a wrong one, and nobody, are refused alike', async () => {
    for (const [authid, password] of [
      ['ada', 'wrong'],
      ['eve', 'open-sesame'],
    ] as const) {
      const { extra, answer } = await ask(authid);
      expect(extra).toMatchObject({ kdf: 'argon2id-13', ...cost });
      expect(await answer((await proofOf(password, extra)).proof, {})).toBe(denied);
    }
  });
});
