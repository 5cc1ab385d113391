import { describe, expect, it } from 'vitest';
import {
  botUri,
  CallError,
  game,
  t,
  type LobbyChange,
  type MatchSummary,
  type Session,
} from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { Player, quiet, refusalOf, table } from '../authority/table.ts';

type Asked = Record<string, unknown>;
const ask = async (session: Session, procedure: string, kwargs: Asked) =>
  (await session.call(procedure, [], kwargs)).args[0];
const matchOf = async (session: Session, procedure: string, kwargs: Asked = {}) =>
  ((await ask(session, procedure, { game: 'connect_four', ...kwargs })) as { match: string }).match;
const quick = (session: Session, kwargs?: Asked) => matchOf(session, 'lobby.quick', kwargs);
const create = (session: Session, kwargs?: Asked) => matchOf(session, 'lobby.create', kwargs);
const list = async (session: Session, kwargs: Asked = {}) =>
  ((await ask(session, 'lobby.list', kwargs)) as { matches: MatchSummary[] }).matches;
const sit = async (session: Session, match: string) => {
  const player = new Player(session, 'connect_four', match);
  await player.join();
  return player;
};

describe('quick match', () => {
  it('brings two players together, and the third into another match', async () => {
    const { connect } = await table();
    const [ada, bob, cyd] = [await connect('ada'), await connect('bob'), await connect('cyd')];
    const first = await quick(ada);
    expect(await quick(bob)).toBe(first);
    expect(await quick(cyd)).not.toBe(first);
  });

  it('never makes two matches of two calls at the same time', async () => {
    const { connect } = await table();
    const sessions = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => connect(name)));
    const matches = await Promise.all(sessions.map((session) => quick(session)));
    expect(new Set(matches).size).toBe(3);
  });

  it('sends a player who asks again, from another tab or while playing, to the same match', async () => {
    const { connect } = await table();
    const [ada, tab, bob] = [await connect('ada'), await connect('ada'), await connect('bob')];
    const match = await quick(ada);
    expect(await quick(tab)).toBe(match);
    await sit(ada, match);
    expect(await quick(bob)).toBe(match);
    await sit(bob, match);
    expect(await quick(tab)).toBe(match);
  });

  it('makes a new match once the first is over, or was left', async () => {
    const { connect } = await table();
    const [ada, bob] = [await connect('ada'), await connect('bob')];
    const match = await quick(ada);
    await quick(bob);
    const player = await sit(ada, match);
    await sit(bob, match);
    await player.move('resign');
    await quiet();
    expect(await quick(ada)).not.toBe(match);
  });

  it('keeps a seat for 15 s, then gives it to another', async () => {
    const { connect, clock } = await table();
    const [ada, bob, cyd] = [await connect('ada'), await connect('bob'), await connect('cyd')];
    const match = await quick(ada);
    await sit(ada, match);
    await quick(bob);
    await clock.advance(14_999);
    const other = await quick(cyd);
    expect(other).not.toBe(match);
    await clock.advance(1);
    expect(await quick(await connect('dan'))).toBe(match);
  });

  it('sends nobody to a match where nobody is, nor is on the way', async () => {
    const { connect, clock } = await table();
    const [ada, bob] = [await connect('ada'), await connect('bob')];
    const deserted = await quick(ada);
    await (await sit(ada, deserted)).drop();
    await clock.advance(15_000);
    expect(await quick(bob)).not.toBe(deserted);
  });

  it('joins only matches with the same options', async () => {
    const { connect } = await table();
    const [ada, bob, cyd] = [await connect('ada'), await connect('bob'), await connect('cyd')];
    const match = await quick(ada, { options: { columns: 5 } });
    expect(await quick(bob)).not.toBe(match);
    expect(await quick(cyd, { options: { columns: 5 } })).toBe(match);
  });

  it('starts a game for several with the fewest', async () => {
    const party = game('party', {
      seats: [2, 4],
      state: {},
      moves: { wave: {} },
      options: { loud: t.bool().default(false) },
    });
    const { connect, find } = await table({
      games: [party.rules({ setup: () => ({}), moves: { wave: ({ next }) => next() } })],
    });
    const match = await quick(await connect('ada'), { game: 'party' });
    expect(await find(match)).toMatchObject({ seats: [{}, {}] });
  });
});

describe('creating', () => {
  it('refuses unknown games, naming those there are', async () => {
    const { connect } = await table({ games: [connectFourRules] });
    const ada = await connect('ada');
    for (const call of [quick(ada, { game: 'go' }), create(ada, { game: 'go' }), list(ada, { game: 'go' })]) {
      expect(await refusalOf(call)).toMatchObject({
        uri: 'lobby.error.no_such_game',
        message: 'There is no game "go"; there are connect_four.',
      });
    }
  });

  it.each([
    [{ options: { columns: 99 } }, 'columns'],
    [{ opponent: 'dog' }, 'opponent'],
    [{ seat: 2 }, 'seat'],
    [{ seats: 7 }, 'seats'],
    [{ game: 5 }, 'game'],
  ])('refuses %j, naming what is wrong', async (kwargs, path) => {
    const { connect } = await table();
    expect(await refusalOf(create(await connect('ada'), kwargs))).toMatchObject({
      uri: 'game.error.bad_arguments',
      details: { issues: [{ path }] },
    });
  });

  it('for a friend keeps the match off the list, and found by its link', async () => {
    const { connect } = await table();
    const ada = await connect('ada');
    const match = await create(ada, { opponent: 'friend' });
    expect(await list(ada)).toEqual([]);
    expect(await ask(await connect('bob'), 'lobby.find', { match })).toMatchObject({
      id: match,
      listed: false,
      status: 'open',
    });
    expect(await quick(await connect('cyd'))).not.toBe(match);
  });

  it('refuses a player who has too many matches, until one of them is over', async () => {
    const { connect } = await table({ lobbyLimits: { matchesPerPlayer: 2 } });
    const ada = await connect('ada');
    const [first] = await Promise.all([create(ada), create(ada)]);
    expect(await refusalOf(create(ada))).toMatchObject({ uri: 'lobby.error.too_many_matches' });
    const player = await sit(ada, first);
    await sit(await connect('bob'), first);
    await player.move('resign');
    await quiet();
    expect(await create(ada)).toBe('match3');
  });

  it('refuses a player who makes too many in too short a time, saying how long to wait', async () => {
    const { connect, clock } = await table({ lobbyLimits: { matchesPerPlayer: 100, matchesPerMinute: 2 } });
    const ada = await connect('ada');
    for (let turn = 0; turn < 2; turn++) await create(ada);
    for (const again of [create(ada), quick(ada, { game: 'secret' })]) {
      expect(await refusalOf(again)).toMatchObject({
        uri: 'lobby.error.too_many_matches',
        message: 'You have made 2 matches within a minute. Try again in 30 s.',
        details: { limit: 2, retryAfterMs: 30_000 },
      });
    }
    await create(await connect('bob'));
    await clock.advance(30_000);
    await create(ada);
  });

  it('against the computer asks a bot for every other seat', async () => {
    const { connect, find } = await table();
    const bot = await connect('computer', 'bot');
    await bot.register(botUri('connect_four'), async ({ kwargs }) => {
      await new Player(bot, 'connect_four', String(kwargs['match'])).join({ seat: kwargs['seat'] });
      return { args: [{}] };
    });
    const ada = await connect('ada');
    const match = await create(ada, { opponent: 'computer', seat: 1 });
    expect(await find(match)).toMatchObject({
      status: 'playing',
      listed: false,
      seats: [{ player: 'computer' }, { player: 'ada' }],
    });
    expect((await new Player(ada, 'connect_four', match).join()).seat).toBe(1);
  });

  it('against a computer that fails to come says so, and leaves no match behind', async () => {
    const { connect, store } = await table();
    const bot = await connect('computer', 'bot');
    await bot.register(botUri('connect_four'), () => {
      throw new CallError('bot.error.tired');
    });
    expect(await refusalOf(create(await connect('ada'), { opponent: 'computer' }))).toMatchObject({
      uri: 'lobby.error.no_opponent',
      message: 'The computer cannot play connect_four: it did not come.',
      details: { game: 'connect_four' },
    });
    expect(await store.read('match1')).toBeNull();
  });

  it('against a computer that is not there says so, and leaves no match behind', async () => {
    const { connect, store } = await table();
    const ada = await connect('ada');
    expect(await refusalOf(create(ada, { opponent: 'computer' }))).toMatchObject({
      uri: 'lobby.error.no_opponent',
      message: 'The computer cannot play connect_four: there is none here.',
    });
    expect(await store.read('match1')).toBeNull();
    expect((await refusalOf(ask(ada, 'lobby.find', { match: 'match1' }))).uri).toBe('game.error.no_such_match');
  });
});

describe('the list', () => {
  it('shows open and running matches, newest first, of one game or all', async () => {
    const { connect } = await table();
    const ada = await connect('ada');
    const open = await create(ada);
    const over = await create(ada);
    const other = await create(ada, { game: 'secret' });
    await sit(ada, open);
    await new Player(ada, 'secret', other).join();
    const player = await sit(ada, over);
    await sit(await connect('bob'), over);
    await player.move('resign');
    await quiet();
    expect((await list(ada)).map(({ id }) => id)).toEqual([other, open]);
    expect((await list(ada, { game: 'connect_four' })).map(({ id }) => id)).toEqual([open]);
  });

  it('is no longer than allowed', async () => {
    const { connect } = await table({ lobbyLimits: { listLength: 2 } });
    const ada = await connect('ada');
    const made = [await create(ada), await create(ada), await create(ada)];
    for (const match of made) await sit(ada, match);
    expect((await list(ada)).map(({ id }) => id)).toEqual([made[2], made[1]]);
  });

  it('tells everybody what changes in it, and nothing of unlisted matches', async () => {
    const { connect } = await table();
    const [ada, bob] = [await connect('ada'), await connect('bob')];
    const heard: LobbyChange[] = [];
    await bob.subscribe('lobby.matches', ({ args: [change] }) => void heard.push(change as LobbyChange));
    await create(ada, { opponent: 'friend' });
    const match = await create(ada);
    const player = await sit(ada, match);
    await sit(bob, match);
    await player.move('resign');
    await quiet();
    expect(heard).toMatchObject([
      { changed: { id: match, status: 'open', seats: [{ player: 'ada', connected: true }, {}] } },
      { changed: { id: match, status: 'playing' } },
      { removed: match },
    ]);
  });

  it('shows no open match where nobody is', async () => {
    const { connect } = await table();
    const [ada, bob] = [await connect('ada'), await connect('bob')];
    const heard: LobbyChange[] = [];
    await bob.subscribe('lobby.matches', ({ args: [change] }) => void heard.push(change as LobbyChange));
    const match = await create(ada);
    expect(await list(bob)).toEqual([]);
    const player = await sit(ada, match);
    expect(await list(bob)).toMatchObject([{ id: match }]);
    await player.drop();
    expect(await list(bob)).toEqual([]);
    expect(heard).toMatchObject([{ changed: { id: match } }, { removed: match }]);
    await sit(await connect('ada'), match);
    expect(await list(bob)).toMatchObject([{ id: match }]);
  });

  it('goes on showing a match that is played, whoever is away for a moment', async () => {
    const { connect } = await table();
    const [ada, bob, cyd] = [await connect('ada'), await connect('bob'), await connect('cyd')];
    const match = await create(ada);
    const players = [await sit(ada, match), await sit(bob, match)];
    for (const player of players) await player.drop();
    expect(await list(cyd)).toMatchObject([{ id: match, seats: [{ connected: false }, { connected: false }] }]);
  });

  it('tells of spectators who come and go no more than once a second, and then how many there are', async () => {
    const { connect, clock } = await table();
    const [ada, bob, cyd] = [await connect('ada'), await connect('bob'), await connect('cyd')];
    const match = await create(ada);
    await sit(ada, match);
    const heard: LobbyChange[] = [];
    await bob.subscribe('lobby.matches', ({ args: [change] }) => void heard.push(change as LobbyChange));
    const watcher = new Player(cyd, 'connect_four', match);
    await clock.advance(1000);
    for (let turn = 0; turn < 50; turn++) {
      await watcher.join({ seat: null });
      await watcher.leave();
    }
    await watcher.join({ seat: null });
    await clock.advance(999);
    expect(heard).toMatchObject([{ changed: { spectators: 1 } }]);
    for (let turn = 0; turn < 50; turn++) {
      await watcher.join({ seat: null });
      await watcher.leave();
    }
    await clock.advance(5000);
    expect(heard).toMatchObject([{ changed: { spectators: 1 } }, { changed: { spectators: 0 } }]);
  });

  it('is for players, and a match that is gone is told by its own error', async () => {
    const { connect } = await table();
    expect(await refusalOf(ask(await connect('ada'), 'lobby.find', { match: 'gone' }))).toMatchObject({
      uri: 'game.error.no_such_match',
      message: 'There is no such match.',
    });
  });
});
