/** Who, of those whom a method has let in, could come again. */
import { describe, expect, test } from 'vitest';
import {
  anonymous,
  cryptosign,
  inProcess,
  scram,
  ticket,
  tls,
  wampcra,
  type AuthenticationMethod,
} from '../../../server/authentication/index.ts';

const role = 'user';
const authenticator = { procedure: 'com.ask' };
const principal = (authid: string, authrole = role, authprovider = 'static') => ({
  authid,
  authrole,
  authmethod: 'any',
  authprovider,
});
const certificate = { sha1: 'aa', sha256: 'bb', subject: { CN: 'ada' }, issuer: {}, verified: false };
const facts = { ...inProcess, certificate };

const withTable: Record<string, AuthenticationMethod> = {
  ticket: ticket({ principals: { ada: { ticket: 'x', role } } }),
  wampcra: wampcra({ principals: { ada: { secret: 'x', role } } }),
  scram: scram({ principals: { ada: { password: 'x', role } } }),
  cryptosign: cryptosign({ principals: { ada: { authorizedKeys: ['ab'.repeat(32)], role } } }),
  tls: tls({ principals: { BB: { role } } }),
};
const withComponent: Record<string, AuthenticationMethod> = {
  anonymous: anonymous({ authenticator }),
  ticket: ticket({ authenticator }),
  wampcra: wampcra({ authenticator }),
  scram: scram({ authenticator }),
  cryptosign: cryptosign({ authenticator }),
  tls: tls({ authenticator }),
};

describe.each(Object.entries(withTable))('by %s', (_, method) => {
  test('those whom its table knows in the same role', () => {
    expect(method.admits?.(principal('ada'), facts)).toBe(true);
    expect(method.admits?.(principal('ada', 'king'), facts)).toBe(false);
    expect(method.admits?.(principal('eve'), facts)).toBe(false);
    expect(method.admits?.(principal('constructor'), facts)).toBe(false);
  });
});

test.each(Object.entries(withComponent))('by %s with a component to ask, everybody', (_, method) => {
  expect(method.admits?.(principal('eve', 'king'), facts)).toBe(true);
});

test('anonymous ones in its role', () => {
  expect(anonymous({ role }).admits?.(principal('x7'), facts)).toBe(true);
  expect(anonymous().admits?.(principal('x7'), facts)).toBe(false);
});

test('guests with a ticket, as long as guests get their role', () => {
  const guests = { secret: 'x'.repeat(32), now: () => 0, role };
  const method = ticket({ guests, principals: { ada: { ticket: 'x', role: 'king' } } });
  expect(method.admits?.(principal('x7', role, 'guest'), facts)).toBe(true);
  expect(method.admits?.(principal('x7', 'king', 'guest'), facts)).toBe(false);
  expect(method.admits?.(principal('eve', role, 'static'), facts)).toBe(false);
  expect(ticket({}).admits?.(principal('x7', role, 'guest'), facts)).toBe(false);
});

test('by name as it is compared, not as it is written', () => {
  const method = scram({ principals: { 'I\u00ADX': { password: 'x', role } } });
  expect(method.admits?.(principal('IX'), facts)).toBe(true);
});

test('whose certificate is listed, under the name that the list gives it', () => {
  const method = tls({ principals: { 'A:A': { role, authid: 'boss' } } });
  expect(method.admits?.(principal('boss'), facts)).toBe(true);
  expect(method.admits?.(principal('ada'), facts)).toBe(false);
  expect(method.admits?.(principal('boss'), inProcess)).toBe(false);
});
