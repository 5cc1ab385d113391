import { describe, expect, test } from 'vitest';
import { errors, signWampcra, withWampcra } from '../../../protocol/index.ts';
import { denied, wampcra } from '../../../server/authentication/index.ts';
import { wampcra as vector } from '../../protocol/wamp/authentication/vectors.ts';
import { attempt, begin, challengeOf, welcome } from './attempt.ts';

const { challenge, secret, signature, salted } = vector;
const fixed = { now: () => Date.parse('2030-01-02T03:04:05.678Z'), newNonce: () => 'n0nce-0001' };
const { salt, iterations, keylen, key } = salted;
const principals = {
  ada: { secret, role: 'player' },
  bob: { secret: key, role: 'player', salt, iterations, keylen },
};
const method = wampcra({ principals, ...fixed });
const ada = { authid: 'ada', authrole: 'player', authmethod: 'wampcra', authprovider: 'static' };

describe('[Challenge Response Authentication]', () => {
  test('the challenge names the principal, the session to be, a nonce and the time', async () => {
    const { extra } = await challengeOf(method, { authid: 'ada' });
    expect(Object.keys(extra)).toEqual(['challenge']);
    expect(JSON.parse(String(extra['challenge']))).toEqual(JSON.parse(challenge));
  });
  test('the right signature is welcome', async () => {
    expect(await attempt(method, withWampcra({ authid: 'ada', secret }))).toEqual(welcome(ada));
  });
  test('the signature is the one that everybody computes', async () => {
    // Members are in another order than in the example, so the text differs; its signature is computed from the text.
    const { extra } = await challengeOf(method, { authid: 'ada' });
    const own = await signWampcra(secret, extra);
    expect(own).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(await signWampcra(secret, { challenge })).toBe(signature);
  });
  test('a salted password: the router keeps only the derived key', async () => {
    const { extra } = await challengeOf(method, { authid: 'bob' });
    expect(extra).toMatchObject({ salt, iterations, keylen });
    expect(await attempt(method, withWampcra({ authid: 'bob', secret }))).toEqual(welcome({ ...ada, authid: 'bob' }));
  });
  test.each([
    ['a wrong secret', { authid: 'ada', secret: 'close-sesame' }],
    ['the derived key in place of the password', { authid: 'bob', secret: key }],
    ['a user who does not exist', { authid: 'eve', secret }],
    ['a name that every object has', { authid: 'constructor', secret }],
  ])('%s: the same words', async (_, credentials) => {
    expect(await attempt(method, withWampcra(credentials))).toBe(denied);
  });
  test.each(['', 'x', signature.slice(1), 'ü'.repeat(44)])('"%s" is no signature', async (given) => {
    const { answer } = await challengeOf(method, { authid: 'ada' });
    expect(await answer(given, {})).toBe(denied);
  });
  test('the signature of one challenge is worth nothing for another', async () => {
    const live = wampcra({ principals });
    const [first, second] = [await challengeOf(live, { authid: 'ada' }), await challengeOf(live, { authid: 'ada' })];
    const signed = await signWampcra(secret, first.extra);
    expect(await second.answer(signed, {})).toBe(denied);
    expect(await first.answer(signed, {})).toEqual(welcome(ada));
  });
  test('who does not say who it is, is told so', async () => {
    expect(await begin(method)).toMatchObject({ verdict: 'denied', reason: errors.authenticationDenied });
  });
});

describe('a user who does not exist', () => {
  const onlySalted = wampcra({ principals: { bob: principals.bob } });

  test('is shown a challenge of the same form, with a salt of its own that stays the same', async () => {
    const [eve, again, mallory] = await Promise.all(
      ['eve', 'eve', 'mallory'].map(async (authid) => (await challengeOf(onlySalted, { authid })).extra),
    );
    const after = await challengeOf(wampcra({ principals: { bob: principals.bob } }), { authid: 'eve' });
    expect(eve).toMatchObject({ iterations, keylen, salt: expect.stringMatching(/^.{8}$/) });
    expect(again!['salt']).toBe(eve!['salt']);
    expect(after.extra['salt']).toBe(eve!['salt']);
    expect(mallory!['salt']).not.toBe(eve!['salt']);
    expect(JSON.parse(String(eve!['challenge']))).toMatchObject({ authid: 'eve', authrole: 'player' });
  });
  test('is like one who does, whichever of several kinds', async () => {
    const kinds = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => 'salt' in (await challengeOf(method, { authid: `user${i}` })).extra),
    );
    expect(new Set(kinds)).toEqual(new Set([true, false]));
  });
});
