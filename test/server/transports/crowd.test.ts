import { describe, expect, it, test } from 'vitest';
import { addressOf, Crowd, type CrowdLimits } from '../../../server/transports/crowd.ts';

const crowd = (limits: Partial<CrowdLimits>) =>
  new Crowd({
    maxConnections: Infinity,
    maxConnectionsPerAddress: Infinity,
    joinsPerSecondPerAddress: Infinity,
    ...limits,
  });

test.each([
  ['203.0.113.7:50123', '203.0.113.7'],
  ['::ffff:203.0.113.7:50123', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6:50123', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6:50123', '2001:db8:1:2::/64'],
  ['2001:db8::6:50123', '2001:db8:0:0::/64'],
  ['::1:50123', '0:0:0:0::/64'],
  ['fe80::1%eth0:50123', 'fe80:0:0:0::/64'],
  ['unix:/run/router.sock', null],
  ['unix:/run/router:8080', null],
  ['undefined:undefined', null],
  ['this process', null],
])('%s is counted by %s', (peer, address) => {
  expect(addressOf(peer)).toBe(address);
});

describe('a crowd', () => {
  it('is as large as it may be, and takes somebody in for who has gone', () => {
    const two = crowd({ maxConnections: 2 });
    two.enter('a');
    two.enter(null);
    expect(two.problem('b')).toBe('this router has the 2 connections that it may have');
    two.leave('a');
    expect(two.problem('b')).toBeNull();
  });

  it('has no more from one address than it may, and as many as there are without one', () => {
    const one = crowd({ maxConnectionsPerAddress: 1 });
    one.enter('a');
    one.enter(null);
    expect([one.problem('a'), one.problem('b'), one.problem(null)]).toEqual([
      'there are 1 connections from your address already',
      null,
      null,
    ]);
    one.leave('a');
    expect(one.problem('a')).toBeNull();
  });

  it('opens so many sessions a second for one address', () => {
    const two = crowd({ joinsPerSecondPerAddress: 2 });
    const join = (address: string | null, now: number) => two.joinProblem(address, now);
    expect([join('a', 0), join('a', 0), join('b', 0), join(null, 0)]).toEqual([null, null, null, null]);
    expect(join('a', 0)).toBe('more than 2 sessions a second from your address, at 1970-01-01T00:00:00.000Z');
    expect(join('a', 500)).toBeNull();
  });
});
