import { describe, expect, test } from 'vitest';
import { cookie, denied, memoryCookies, tls, type PeerCertificate } from '../../../server/authentication/index.ts';
import { inProcess } from '../../../server/authentication/index.ts';
import { arrival, begin, welcome } from './attempt.ts';

const week = 7 * 24 * 60 * 60 * 1000;
const ada = { authid: 'ada', authrole: 'player', authmethod: 'ticket', authprovider: 'static' };
const withCookie = (value: string) => ({ ...inProcess, cookie: value });

describe('[Cookie-based Authentication]', () => {
  test('whoever has authenticated comes back with the cookie, under the original method', async () => {
    const method = cookie();
    method.remember!(ada, 'realm1', withCookie('c00kie'));
    const verdict = await begin(method, {}, arrival({ cookie: 'c00kie' }));
    expect(verdict).toEqual(welcome({ ...ada, authprovider: 'cookie' }));
  });
  test.each([
    ['no cookie', {}],
    ['an unknown cookie', { cookie: 'other' }],
  ])('%s: the next method of the list', async (_, facts) => {
    const method = cookie();
    method.remember!(ada, 'realm1', withCookie('c00kie'));
    expect(await begin(method, {}, arrival(facts))).toEqual({ verdict: 'pass' });
  });
  test('it counts in the realm where it was earned', async () => {
    const method = cookie();
    method.remember!(ada, 'realm1', withCookie('c00kie'));
    expect(await begin(method, { realm: 'realm2' }, arrival({ cookie: 'c00kie' }))).toEqual({ verdict: 'pass' });
  });
  test.each(['anonymous', 'tls'])('a session by %s earns none', async (authmethod) => {
    const method = cookie();
    method.remember!({ ...ada, authmethod }, 'realm1', withCookie('c00kie'));
    expect(await begin(method, {}, arrival({ cookie: 'c00kie' }))).toEqual({ verdict: 'pass' });
  });
  test('it lasts a week from the last proof, which coming back is not', async () => {
    let time = 0;
    const method = cookie({ store: memoryCookies({ now: () => time }) });
    method.remember!(ada, 'realm1', withCookie('c00kie'));
    time = week - 1;
    const back = await begin(method, {}, arrival({ cookie: 'c00kie' }));
    if (back.verdict === 'welcome') method.remember!(back.principal, 'realm1', withCookie('c00kie'));
    time = week;
    expect(await begin(method, {}, arrival({ cookie: 'c00kie' }))).toEqual({ verdict: 'pass' });
  });
  test('only so many are kept, and whoever logs out is forgotten', () => {
    const store = memoryCookies({ most: 2 });
    for (const value of ['a', 'b', 'c']) store.remember(value, 'realm1', ada);
    expect(['a', 'b', 'c'].map((value) => store.find(value, 'realm1') !== undefined)).toEqual([false, true, true]);
    store.forget('c');
    expect(store.find('c', 'realm1')).toBeUndefined();
  });
});

describe('[TLS Certificate-based Authentication]', () => {
  const certificate: PeerCertificate = {
    sha1: 'a1'.repeat(20),
    sha256: 'b2'.repeat(32),
    subject: { CN: 'ada' },
    issuer: {},
    verified: false,
  };
  const colons = (hex: string) => hex.toUpperCase().match(/../g)!.join(':');
  const from = arrival({ certificate });

  test.each([
    ['SHA-256', certificate.sha256],
    ['SHA-256 as OpenSSL prints it', colons(certificate.sha256)],
    ['SHA-1, as in Crossbar', colons(certificate.sha1)],
  ])('a certificate known by its fingerprint (%s)', async (_, fingerprint) => {
    const method = tls({ principals: { [fingerprint]: { role: 'player' } } });
    expect(await begin(method, { authid: 'eve' }, from)).toEqual(welcome({ ...ada, authmethod: 'tls' }));
  });
  test('the configuration may name it', async () => {
    const method = tls({ principals: { [certificate.sha1]: { role: 'player', authid: 'ada1' } } });
    expect(await begin(method, {}, from)).toMatchObject({ principal: { authid: 'ada1' } });
  });
  test('an unknown one is refused, and without one the next method comes', async () => {
    const method = tls({ principals: {} });
    expect(await begin(method, {}, from)).toBe(denied);
    expect(await begin(method)).toEqual({ verdict: 'pass' });
  });
});
