import { describe, expect, it } from 'vitest';
import { game } from '../../../protocol/index.ts';
import { refusalOf, table } from './table.ts';

const trioRules = game('trio', { seats: 3, state: {}, moves: { nod: {} } }).rules({
  setup: () => ({}),
  moves: { nod: ({ next }) => next() },
});

const hold = 120_000;
const keep = 60_000;

describe('a player who drops', () => {
  it('keeps the seat, and all see who is gone and back', async () => {
    const { begun, player } = await table();
    const { match, ada, bob } = await begun();
    await ada.listen();
    await bob.drop();
    expect(ada.heard).toMatchObject([{ version: 3, delta: { seats: { '1': { connected: [false] } } } }]);
    const back = await player('bob', 'connect_four', match);
    const { seat, view } = await back.join();
    expect([seat, view.seats[1]]).toEqual([1, { player: 'bob', connected: true }]);
    expect(ada.heard).toMatchObject([{ version: 3 }, { version: 4, delta: { seats: { '1': { connected: [true] } } } }]);
  });

  it('is not gone while another tab is there', async () => {
    const { begun, player } = await table();
    const { match, ada, bob } = await begun();
    const tab = await player('bob', 'connect_four', match);
    expect((await tab.join()).seat).toBe(1);
    await bob.drop();
    expect((await ada.view()).seats[1]).toEqual({ player: 'bob', connected: true });
    await tab.drop();
    expect((await ada.view()).seats[1]).toEqual({ player: 'bob', connected: false, heldUntil: hold });
  });

  it('is back by asking for the view alone', async () => {
    const { begun, player } = await table();
    const { match, bob } = await begun();
    await bob.drop();
    const back = await player('bob', 'connect_four', match);
    expect((await back.view()).seats[1]).toEqual({ player: 'bob', connected: true });
  });

  it('is gone even when the session ends while its join is on the way', async () => {
    const { begun, player } = await table();
    const { match, ada, bob } = await begun();
    await bob.drop();
    const back = await player('bob', 'connect_four', match);
    const joining = back.join().catch(() => {});
    await back.drop();
    await joining;
    expect((await ada.view()).seats[1]).toEqual({ player: 'bob', connected: false, heldUntil: hold });
  });

  it('loses the match after the hold, if somebody is left to win it', async () => {
    const { begun, clock } = await table();
    const { ada, bob } = await begun();
    await bob.drop();
    await clock.advance(hold - 1);
    expect((await ada.view()).result).toBeNull();
    await clock.advance(1);
    expect((await ada.view()).result).toEqual({ winner: 0, reason: 'abandoned' });
  });

  it('is waited for anew after having been back', async () => {
    const { begun, clock, player } = await table();
    const { match, ada, bob } = await begun();
    await bob.drop();
    await clock.advance(hold - 1);
    const back = await player('bob', 'connect_four', match);
    await back.join();
    await back.drop();
    await clock.advance(hold - 1);
    expect((await ada.view()).result).toBeNull();
  });

  it('loses to who comes back in time, though both were away when the hold ended', async () => {
    const { begun, clock, player } = await table();
    const { match, ada, bob } = await begun();
    await bob.drop();
    await clock.advance(hold / 2);
    await ada.drop();
    await clock.advance(hold / 2);
    const back = await player('ada', 'connect_four', match);
    expect((await back.join()).view.result).toEqual({ winner: 0, reason: 'abandoned' });
  });

  it('draws with the other, when both stay away', async () => {
    const { begun, clock, player } = await table();
    const { match, ada, bob } = await begun();
    await ada.drop();
    await bob.drop();
    await clock.advance(hold);
    const cyd = await player('cyd', 'connect_four', match);
    expect((await cyd.join({ seat: null })).view.result).toEqual({ draw: true, reason: 'abandoned' });
  });

  it('loses the seat of a match that has not begun, which goes on waiting with the others', async () => {
    const { create, player, clock } = await table({ games: [trioRules] });
    const match = await create('trio');
    const ada = await player('ada', 'trio', match);
    const bob = await player('bob', 'trio', match);
    await ada.join();
    await bob.join();
    await clock.advance(hold * 10);
    await ada.drop();
    await clock.advance(hold - 1);
    expect((await bob.view()).seats[0]).toEqual({ player: 'ada', connected: false, heldUntil: 11 * hold });
    await clock.advance(1);
    expect((await bob.view()).seats).toMatchObject([{ player: null }, { player: 'bob' }, { player: null }]);
  });

  it('lets all the others win', async () => {
    const { create, player, clock } = await table({ games: [trioRules] });
    const match = await create('trio', { players: [null, null, 'cyd'] });
    const ada = await player('ada', 'trio', match);
    const bob = await player('bob', 'trio', match);
    await ada.join();
    await bob.join();
    await clock.advance(hold);
    expect((await ada.view()).result).toEqual({ winners: [0, 1], reason: 'abandoned' });
  });
});

describe('a player who does not come back, where the others may claim', () => {
  const patientRules = game('patient', { seats: 2, state: {}, moves: { nod: {} }, claims: ['win', 'draw'] }).rules({
    setup: () => ({}),
    moves: { nod: ({ next }) => next() },
  });
  const patience = (limits = {}) => table({ games: [patientRules], limits });

  async function alone(limits = {}) {
    const made = await patience(limits);
    const { match, ada, bob } = await made.begun('patient');
    await bob.drop();
    await made.clock.advance(hold);
    return { ...made, match, ada };
  }

  it('loses nothing by itself: the other decides', async () => {
    const { ada, clock } = await alone();
    await clock.advance(10 * hold);
    expect(await ada.view()).toMatchObject({ result: null, seats: [{}, { connected: false, heldUntil: hold }] });
  });

  it.each([
    ['win', { winner: 0, reason: 'abandoned' }],
    ['draw', { draw: true, reason: 'claimed' }],
  ])('%s: ends the match once it is claimed, and all hear of it', async (what, result) => {
    const { ada } = await alone();
    await ada.listen();
    await ada.claim(what);
    expect(await ada.view()).toMatchObject({ result, toAct: [] });
    expect(ada.heard).toMatchObject([{ type: 'commit', delta: { result: [result] } }]);
    expect(await refusalOf(ada.claim(what))).toMatchObject({ uri: 'game.error.over' });
  });

  it('is claimed once by a call that is sent twice', async () => {
    const { ada } = await alone();
    await ada.claim('win', { id: 'a' });
    await ada.claim('win', { id: 'a' });
    expect((await ada.view()).result).toEqual({ winner: 0, reason: 'abandoned' });
  });

  it('cannot be claimed against before the time has come, nor after having come back', async () => {
    const { clock, player, ...made } = await patience();
    const { match, ada, bob } = await made.begun('patient');
    const refusal = async () => (await refusalOf(ada.claim('win'))).details;
    const nobody = { issues: [{ path: 'what', message: 'nobody has been away for too long' }] };
    expect(await refusal()).toEqual(nobody);
    await bob.drop();
    await clock.advance(hold - 1);
    expect(await refusal()).toEqual(nobody);
    await clock.advance(1);
    const back = await player('bob', 'patient', match);
    await back.join();
    expect(await refusal()).toEqual(nobody);
    expect((await refusalOf(back.claim('win'))).details).toEqual(nobody);
  });

  it('can be claimed against by who sits there, and for what the game knows', async () => {
    const { match, player } = await alone();
    const cyd = await player('cyd', 'patient', match);
    await cyd.join({ seat: null });
    expect(await refusalOf(cyd.claim('win'))).toMatchObject({ uri: 'game.error.no_seat' });
    expect(await refusalOf(cyd.claim('pot'))).toMatchObject({ uri: 'game.error.bad_arguments' });
    const four = await table();
    const { ada } = await four.begun();
    expect((await refusalOf(ada.claim('win'))).details).toEqual({
      issues: [{ path: 'what', message: 'in connect_four nobody claims a win' }],
    });
  });

  it('goes on waiting with the other while the match would sleep', async () => {
    const { ada, clock } = await alone({ hibernateMs: 60_000 });
    const { epoch } = await ada.view();
    await clock.advance(600_000);
    expect((await ada.view()).epoch).toBe(epoch);
    await ada.claim('win');
    expect((await ada.view()).result).toEqual({ winner: 0, reason: 'abandoned' });
  });

  it('draws when the other goes away as well', async () => {
    const { ada, clock, player, match } = await alone();
    await ada.drop();
    await clock.advance(hold);
    const cyd = await player('cyd', 'patient', match);
    expect((await cyd.join({ seat: null })).view.result).toEqual({ draw: true, reason: 'abandoned' });
  });

  it('does not win because the other leaves, tired of waiting', async () => {
    const { ada } = await alone();
    await ada.leave();
    expect((await ada.view()).result).toEqual({ draw: true, reason: 'left' });
  });

  it('loses at once where only a computer is left, which claims nothing', async () => {
    const { create, player, clock } = await patience();
    const match = await create('patient');
    const ada = await player('ada', 'patient', match);
    const computer = await player('computer', 'patient', match, 'bot');
    await ada.join();
    await computer.join();
    await ada.drop();
    await clock.advance(hold);
    expect((await computer.view()).result).toEqual({ winner: 1, reason: 'abandoned' });
  });
});

describe('a player who leaves', () => {
  it('frees the seat before the match has begun', async () => {
    const { create, player } = await table();
    const match = await create();
    const ada = await player('ada', 'connect_four', match);
    const bob = await player('bob', 'connect_four', match);
    await ada.join();
    await ada.leave();
    expect((await bob.join({ seat: 0 })).seat).toBe(0);
    expect((await refusalOf(ada.move('drop', { column: 0 }))).uri).toBe('game.error.no_seat');
  });

  it('loses the match that is being played', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    await ada.leave();
    expect(await bob.view()).toMatchObject({
      result: { winner: 1, reason: 'left' },
      seats: [{ connected: false }, { connected: true }],
    });
  });
});

describe('a match that nobody needs', () => {
  it('is closed when it is over and all have gone: unregistered, forgotten, and off the list', async () => {
    const { begun, clock, store, service, find } = await table();
    const { match, ada, bob } = await begun();
    await ada.move('resign');
    await ada.leave();
    await clock.advance(keep * 2);
    expect((await bob.view()).result).toMatchObject({ winner: 1 });
    await bob.drop();
    await clock.advance(keep - 1);
    expect(await find(match)).toMatchObject({ status: 'over' });
    await clock.advance(1);
    expect(await refusalOf(find(match))).toMatchObject({ uri: 'game.error.no_such_match' });
    expect(await store.read(match)).toBeNull();
    expect(await refusalOf(service.call(ada.uris.join, [], { seat: null }))).toMatchObject({
      uri: 'game.error.no_such_match',
    });
    expect(clock.pending).toBe(0);
  });

  it('is not kept open by a computer alone', async () => {
    const { create, player, clock, store } = await table();
    const match = await create();
    const ada = await player('ada', 'connect_four', match);
    const computer = await player('computer', 'connect_four', match, 'bot');
    await ada.join();
    await computer.join();
    await ada.drop();
    await clock.advance(hold);
    expect((await computer.view()).result).toEqual({ winner: 1, reason: 'abandoned' });
    await clock.advance(keep);
    expect(await store.read(match)).toBeNull();
  });

  it('stays while a spectator looks at its end', async () => {
    const { begun, clock, player } = await table();
    const { match, ada, bob } = await begun();
    const cyd = await player('cyd', 'connect_four', match);
    await cyd.join({ seat: null });
    await ada.leave();
    await bob.leave();
    await clock.advance(keep * 5);
    expect((await cyd.view()).result).toMatchObject({ winner: 1 });
    await cyd.leave();
    await clock.advance(keep);
    expect((await refusalOf(cyd.view())).uri).toBe('game.error.no_such_match');
  });

  it('is closed when nobody has ever come', async () => {
    const { create, clock, store } = await table();
    const match = await create();
    await clock.advance(hold - 1);
    expect(await store.read(match)).not.toBeNull();
    await clock.advance(1);
    expect(await store.read(match)).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it('is closed for services at once, and for nobody else', async () => {
    const { begun, service, store } = await table();
    const { match, ada } = await begun();
    expect(await refusalOf(ada.call(ada.uris.close))).toMatchObject({ uri: 'wamp.error.not_authorized' });
    await service.call(ada.uris.close);
    expect(await store.read(match)).toBeNull();
    expect((await refusalOf(ada.view())).uri).toBe('game.error.no_such_match');
  });
});

describe('an authority whose session has ended', () => {
  it('leaves no timer behind, and its matches leave the lobby', async () => {
    const { begun, authority, clock, find, create } = await table();
    const { match, bob } = await begun();
    await create();
    await bob.drop();
    expect(clock.pending).toBeGreaterThan(0);
    await authority.leave();
    await clock.advance(0);
    expect(clock.pending).toBe(0);
    expect((await refusalOf(find(match))).uri).toBe('game.error.no_such_match');
  });
});
