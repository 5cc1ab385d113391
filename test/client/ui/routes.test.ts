import { describe, expect, it } from 'vitest';
import { hrefOf, lobby, matchRoute, routeOf, searchOf } from '../../../client/ui/routes.ts';
import { settingsOf, settingsQuery } from '../../../client/ui/settings.ts';

describe('routes', () => {
  it.each([lobby, matchRoute('chess', 'k3j9x0a1b2c3'), matchRoute('connect_four', 'abc', { watch: true })])(
    '%j is found again in its link',
    (route) => {
      expect(routeOf(new URL(hrefOf(route), 'https://play.example/below/').search)).toEqual(route);
    },
  );

  it('an address without a match is the lobby, whatever else it says', () => {
    expect(routeOf('?game=chess&utm_source=mail')).toEqual(lobby);
  });

  it('a link keeps to the folder in which the page lies', () => {
    expect(new URL(hrefOf(matchRoute('chess', 'abc')), 'https://play.example/below/?test=1').href).toBe(
      'https://play.example/below/?game=chess&match=abc',
    );
  });

  it('settings stay in the address and out of links', () => {
    const search = '?game=chess&match=abc&renderer=canvas&test=1';
    expect(settingsOf(search)).toEqual({ renderer: 'canvas', test: true, simulate: null });
    expect(searchOf(lobby, settingsQuery(search))).toBe('?renderer=canvas&test=1');
    expect(hrefOf(routeOf(search))).toBe('./?game=chess&match=abc');
  });

  it('without settings there is no handle for tests', () => {
    expect(settingsOf('?test=0')).toEqual({ renderer: 'auto', test: false, simulate: null });
  });

  it.each([
    ['?latency=150&jitter=50', { roundTripMs: 150, jitterMs: 50 }],
    ['?latency=150', { roundTripMs: 150, jitterMs: 0 }],
    ['?latency=0', null],
    ['?latency=-5&jitter=1e9', null],
    ['?latency=', null],
  ])('the address %s asks for a network like %j', (search, simulate) => {
    expect(settingsOf(search).simulate).toEqual(simulate);
  });
});
