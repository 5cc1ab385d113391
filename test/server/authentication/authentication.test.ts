import { describe, expect, test } from 'vitest';
import { errors } from '../../../protocol/index.ts';
import {
  anonymous,
  candidates,
  inProcess,
  type Arrival,
  ticket,
  type AuthenticationMethod,
  type Verdict,
} from '../../../server/authentication/index.ts';
import type { Hello } from '../../../server/router/index.ts';
import { isGuestTicket, signGuestTicket } from '../../../server/authentication/guest-ticket.ts';

const day = 24 * 60 * 60 * 1000;
const settings = { secret: 'a secret of the server', now: () => 1_000_000, lifetimeMs: day };
const hello = (claims: { authid?: string; authmethods?: string[] } = {}) => ({
  realm: 'realm1',
  session: 1,
  authmethods: [],
  authextra: {},
  ...claims,
});

/** A peer in this process, where nobody can be called. */
const arrival: Arrival = {
  facts: inProcess,
  call: async () => {
    throw new Error('called');
  },
};

/** Begins, and answers the challenge. */
async function attempt(method: AuthenticationMethod, authid: string | undefined, signature: string): Promise<Verdict> {
  const verdict = await method.begin(hello(authid === undefined ? {} : { authid }), arrival);
  return verdict.verdict === 'challenge' ? verdict.answer(signature, {}) : verdict;
}

describe('[Anonymous Authentication]', () => {
  test('a peer gets a new authid, never the one it names', () => {
    const method = anonymous({ role: 'player', newAuthid: () => 'n3w' });
    expect(method.begin(hello({ authid: 'ada' }), arrival)).toEqual({
      verdict: 'welcome',
      principal: { authid: 'n3w', authrole: 'player', authmethod: 'anonymous', authprovider: 'static' },
    });
  });
  test('an authid fits into a URI component', () => {
    const verdict = anonymous().begin(hello(), arrival) as Verdict & { verdict: 'welcome' };
    expect(verdict.principal.authid).toMatch(/^[0-9a-z]{16}$/);
  });
  test('a guest gets a ticket that is its own', () => {
    const verdict = anonymous({ tickets: settings }).begin(hello(), arrival) as Verdict & { verdict: 'welcome' };
    expect(isGuestTicket(String(verdict.authextra?.['ticket']), verdict.principal.authid, settings)).toBe(true);
  });
});

describe('[Ticket-based Authentication]', () => {
  const method = ticket({
    principals: { ada: { ticket: 's3cret', role: 'admin' } },
    guests: { ...settings, role: 'player' },
  });

  test('the right ticket gives the role of its principal', async () => {
    expect(await attempt(method, 'ada', 's3cret')).toEqual({
      verdict: 'welcome',
      principal: { authid: 'ada', authrole: 'admin', authmethod: 'ticket', authprovider: 'static' },
    });
  });
  test('a guest comes back under the same authid, with a renewed ticket', async () => {
    const later = { ...settings, now: () => 1_000_000 + day / 2 };
    const verdict = await attempt(
      ticket({ guests: { ...later, role: 'player' } }),
      'guest1',
      signGuestTicket('guest1', settings),
    );
    expect(verdict).toMatchObject({
      verdict: 'welcome',
      principal: { authid: 'guest1', authrole: 'player', authprovider: 'guest' },
    });
    expect(verdict).toMatchObject({ authextra: { ticket: signGuestTicket('guest1', later) } });
  });
  test('unknown user, wrong ticket, no user: the same challenge and the same answer', async () => {
    const refused = {
      verdict: 'denied',
      reason: errors.authenticationDenied,
      message: 'no such user, or the wrong secret',
    };
    for (const [authid, signature] of [
      ['ada', 'wrong'],
      ['ada', ''],
      ['nobody', 's3cret'],
      [undefined, 's3cret'],
      ['constructor', ''],
      ['guest2', signGuestTicket('guest1', settings)],
      ['ada', signGuestTicket('ada', settings)],
    ] as const)
      expect(await attempt(method, authid, signature)).toEqual(refused);
  });
});

describe('a guest ticket', () => {
  const signed = signGuestTicket('guest1', settings);
  test('is worth nothing after it has expired', () => {
    expect(isGuestTicket(signed, 'guest1', { ...settings, now: () => 1_000_000 + day - 1001 })).toBe(true);
    expect(isGuestTicket(signed, 'guest1', { ...settings, now: () => 1_000_000 + day })).toBe(false);
  });
  test('is worth nothing under another secret, or when any part of it was changed', () => {
    expect(isGuestTicket(signed, 'guest1', { ...settings, secret: 'another' })).toBe(false);
    const [authid, expiry, signature] = signed.split('.') as [string, string, string];
    for (const forged of [
      `${authid}.${Number(expiry) + 1}.${signature}`,
      `${authid}.${expiry}.`,
      `${authid}.${expiry}`,
      '',
      '..',
      `${signed}.x`,
    ]) {
      expect(isGuestTicket(forged, 'guest1', settings)).toBe(false);
    }
    expect(isGuestTicket(`guest2.${expiry}.${signature}`, 'guest2', settings)).toBe(false);
  });
});

describe('[Authentication Methods]', () => {
  const methods = [anonymous(), ticket({})];
  const namesOf = (asked: Hello) => candidates(methods, asked).map(({ name }) => name);
  test("those of the peer's list that the realm has, in the peer's order", () => {
    expect(namesOf(hello({ authmethods: ['scram', 'ticket', 'anonymous', 'ticket'] }))).toEqual([
      'ticket',
      'anonymous',
    ]);
  });
  test('no list means anonymous', () => expect(namesOf(hello())).toEqual(['anonymous']));
  test('none in common', () => expect(namesOf(hello({ authmethods: ['scram'] }))).toEqual([]));
});
