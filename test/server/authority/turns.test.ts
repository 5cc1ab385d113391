/** Timers, clocks and agreements as the authority keeps them: on its own clock, over a real router. */
import { describe, expect, it } from 'vitest';
import { lagQuota, replay, timeLeft, type Dict, type Entry } from '../../../protocol/index.ts';
import { auctionRules } from '../../protocol/game/auction.ts';
import { quiet, refusalOf, table, type Player } from './table.ts';

const hold = 120_000;

/** Ada in seat 0 and bob in seat 1. */
async function auction(options: Dict = {}) {
  const made = await table({ games: [auctionRules] });
  const match = await made.create('auction', { options, seats: 2 });
  const ada = await made.player('ada', 'auction', match);
  const bob = await made.player('bob', 'auction', match);
  await ada.join();
  await bob.join();
  const log = async (): Promise<readonly Entry[]> => (await made.store.read(match))!.log.map(({ entry }) => entry);
  return { ...made, match, ada, bob, log, complaints: made.log };
}
/** What each seat has left when a player asks. */
async function leftTo(player: Player): Promise<number[]> {
  const { view, now } = await player.join();
  return view.clocks!.map((clock) => timeLeft(clock, now));
}

describe('a timer of a match', () => {
  it('runs when it is due though nobody asks, and everybody hears of it', async () => {
    const { ada, bob, clock, log } = await auction();
    await bob.listen();
    await ada.move('wait', { ms: 5_000, what: 'gavel' });
    await clock.advance(4_999);
    expect(bob.heard).toHaveLength(1);
    await clock.advance(1);
    expect(bob.heard.at(-1)).toMatchObject({ delta: { state: { rung: { '0': ['gavel 5000'] } } } });
    expect((await log()).at(-1)).toEqual({ type: 'timer', timer: 1, at: 5_000 });
  });

  it('that is due comes before what is asked just then', async () => {
    const { ada, bob, clock } = await auction();
    await ada.move('wait', { ms: 5_000, what: 'gone' });
    await clock.advance(5_000); // bob's turn is over
    expect(await refusalOf(bob.move('pass'))).toMatchObject({ uri: 'game.error.not_your_turn' });
  });

  it('cannot be called by its name', async () => {
    const { ada } = await auction();
    expect(await refusalOf(ada.move('gavel', { round: 1 }))).toMatchObject({ uri: 'wamp.error.no_such_procedure' });
  });

  it('that fails is logged, and the match goes on', async () => {
    const { ada, bob, clock, log, complaints } = await auction();
    await ada.move('wait', { ms: 10, what: 'broken' });
    await clock.advance(10);
    expect(complaints).toEqual(['match match1 of auction: a timer failed']);
    await bob.move('pass');
    expect((await log()).map(({ type }) => type)).toEqual(['sit', 'sit', 'move', 'timer', 'move']);
  });

  it('of a closed match is forgotten', async () => {
    const { ada, clock, service } = await auction();
    await ada.move('wait', { ms: 1_000_000, what: 'gavel' });
    await service.call(ada.uris.close);
    expect(clock.pending).toBe(0);
  });

  it('that is weeks away does not ring before', async () => {
    const { ada, clock } = await auction();
    const ms = 40 * 24 * 3600 * 1000;
    await ada.move('wait', { ms, what: 'gavel' });
    await clock.advance(ms - 1);
    expect((await ada.view()).state).toMatchObject({ rung: [] });
    await clock.advance(1);
    expect((await ada.view()).state).toMatchObject({ rung: [`gavel ${ms}`] });
  });
});

describe('a clock of a match', () => {
  it('is the authority’s, and runs from when all are there', async () => {
    const { ada, bob, clock } = await auction({ seconds: 60, increment: 2 });
    await clock.advance(10_000);
    expect(await leftTo(bob)).toEqual([50_000, 60_000]);
    await ada.move('pass');
    await clock.advance(5_000);
    expect(await leftTo(ada)).toEqual([52_000, 55_000]);
  });

  it('that is empty ends the match though nobody asks', async () => {
    const { ada, bob, clock, log } = await auction({ seconds: 60 });
    await bob.listen();
    await clock.advance(59_999);
    expect(bob.heard).toEqual([]);
    await clock.advance(1);
    expect(bob.heard.at(-1)).toMatchObject({ delta: { result: [{ winners: [1], reason: 'time' }] } });
    expect((await log()).at(-1)).toEqual({ type: 'flag', seat: 0, lag: 0, at: 60_000 });
    expect(await refusalOf(ada.move('pass'))).toMatchObject({ uri: 'game.error.over' });
  });

  it('replays from the log as it was', async () => {
    const { ada, bob, clock, log } = await auction({ seconds: 60, increment: 1, delay: 1 });
    for (const player of [ada, bob, ada, bob]) {
      await clock.advance(3_000);
      await player.move('pass');
    }
    const { view } = await ada.join();
    const replayed = replay(
      auctionRules,
      { options: { seconds: 60, increment: 1, delay: 1 }, seats: 2, seed: 7 },
      await log(),
    );
    expect(replayed.view(0).clocks).toEqual(view.clocks);
  });

  it('stops where it was when the authority is gone: match time stands while nobody hosts the match', async () => {
    const { ada, clock, log } = await auction({ seconds: 60 });
    await clock.advance(10_000);
    await ada.move('pass');
    const replayed = replay(auctionRules, { options: { seconds: 60 }, seats: 2, seed: 7 }, await log());
    expect([replayed.time, replayed.due(() => 0)]).toEqual([10_000, { type: 'flag', seat: 1, lag: 0, at: 70_000 }]);
  });
});

describe('lag', () => {
  /** A router that has measured these round trips. */
  async function lagging(ms: Record<string, number>) {
    const made = await auction({ seconds: 60 });
    for (const [authid, roundTrip] of Object.entries(ms)) made.measured(authid, roundTrip);
    return made;
  }

  it('is given back to the mover as the router has measured it, and stands in the log', async () => {
    const { ada, clock, log } = await lagging({ ada: 180 });
    await clock.advance(10_000); // what is known is old by now
    await ada.move('hush');
    await quiet();
    await ada.move('pass');
    expect((await log()).at(-1)).toMatchObject({ type: 'move', move: 'pass', lag: 180 });
    expect(await leftTo(ada)).toEqual([50_180, 60_000]);
  });

  it('is given back up to a quota', async () => {
    const { ada, clock } = await lagging({ ada: 30_000 });
    await clock.advance(10_000);
    await ada.move('hush');
    await quiet();
    await ada.move('pass');
    expect(await leftTo(ada)).toEqual([50_000 + lagQuota.mostMs, 60_000]);
  });
});

describe('an offer', () => {
  it('of a draw ends the match once it is accepted', async () => {
    const { ada, bob, log } = await auction();
    await ada.offer('draw');
    expect((await bob.view()).offers).toEqual([{ what: 'draw', wantedBy: [0] }]);
    await bob.answer(true, 'draw');
    expect((await ada.view()).result).toEqual({ draw: true, reason: 'agreed' });
    expect((await log()).slice(2).map(({ type }) => type)).toEqual(['offer', 'offer']);
  });

  it('of a takeback makes a move that was decided before it stale', async () => {
    const { ada, bob } = await auction();
    await ada.move('raise', { by: 5 });
    const version = await bob.move('raise', { by: 5 });
    await bob.offer('takeback');
    await ada.answer(true, 'takeback');
    expect(await bob.view()).toMatchObject({ state: { price: 5 }, toAct: [1], offers: [] });
    expect(await refusalOf(bob.move('raise', { by: 7 }, { seen: version }))).toMatchObject({ uri: 'game.error.stale' });
  });

  it('is declined, or withdrawn, by an answer', async () => {
    const { ada, bob } = await auction();
    await ada.offer('draw');
    await bob.answer(false, 'draw');
    expect((await ada.view()).offers).toEqual([]);
    await ada.offer('draw');
    await ada.answer(false, 'draw');
    expect((await bob.view()).offers).toEqual([]);
  });

  it('that nobody has made is not accepted: it may just have been withdrawn', async () => {
    const { bob } = await auction();
    expect(await refusalOf(bob.answer(true, 'takeback'))).toMatchObject({
      uri: 'game.error.bad_arguments',
      details: { issues: [{ path: 'what', message: 'nobody offers a takeback' }] },
    });
    expect((await bob.view()).offers).toEqual([]);
  });

  it('that is sent again gets its first answer', async () => {
    const { ada, bob } = await auction();
    const accept = () => bob.call(bob.uris.answer, [], { what: 'draw', accept: true, id: 'one' });
    await ada.offer('draw');
    expect(await accept()).toEqual(await accept());
  });

  it('is for players, and not too often', async () => {
    const { ada, player, match } = await auction();
    const cyd = await player('cyd', 'auction', match);
    await cyd.join({ seat: null });
    expect(await refusalOf(cyd.offer('draw'))).toMatchObject({ uri: 'game.error.no_seat' });
    const asked = Promise.all(
      Array.from({ length: 30 }, (_, time) => ada.answer(time % 2 === 0, 'draw').catch(() => {})),
    );
    await asked;
    expect(await refusalOf(ada.offer('draw'))).toMatchObject({ uri: 'game.error.rate_limited' });
  });

  it('is not for games that have none', async () => {
    const { begun } = await table();
    const { ada } = await begun();
    expect(await refusalOf(ada.offer('draw'))).toMatchObject({
      details: { issues: [{ path: 'what', message: 'connect_four has no draw' }] },
    });
  });
});

describe('the seat of a player who drops', () => {
  it('is held until a time of the match that everybody sees', async () => {
    const { ada, bob, clock } = await auction();
    await clock.advance(3_000);
    await bob.drop();
    const { view, now } = await ada.join();
    expect([now, view.seats[1]]).toEqual([3_000, { player: 'bob', connected: false, heldUntil: 3_000 + hold }]);
  });

  it('is held no more in the view when the match has ended', async () => {
    const { ada, bob, clock } = await auction();
    await bob.drop();
    await clock.advance(hold);
    expect(await ada.view()).toMatchObject({ result: { winner: 0, reason: 'abandoned' } });
    expect((await ada.view()).seats[1]).toEqual({ player: 'bob', connected: false });
    expect((await ada.view()).offers).toEqual([]);
  });

  it('does not stop its clock', async () => {
    const { ada, bob, clock } = await auction({ seconds: 30 });
    await ada.drop();
    await clock.advance(30_000);
    expect((await bob.view()).result).toEqual({ winners: [1], reason: 'time' });
  });
});
