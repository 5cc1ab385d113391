/** Games of which the lobby knows nothing but that an authority hosts them. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { authorityMatches, CallError, gameUris, type Dict, type MatchSummary } from '../../../protocol/index.ts';
import { quiet, refusalOf, table } from '../authority/table.ts';

const uris = gameUris('nim');
const summary: MatchSummary = {
  id: 'nim1',
  game: 'nim',
  status: 'open',
  listed: true,
  seats: [
    { player: 'ada', connected: true },
    { player: null, connected: false },
  ],
  created: '2030-03-17T17:46:40.000Z',
  spectators: 0,
};

/** An authority of nim, which answers as it is told, and two players. */
async function nimTable(answer: unknown = { match: 'nim1', seats: 2 }) {
  const { connect } = await table();
  const authority = await connect('nim_host', 'authority');
  const asked: Dict[] = [];
  await authority.register(uris.create, async ({ kwargs }) => {
    asked.push(kwargs);
    if (answer instanceof Error) throw answer;
    return { args: [await answer] };
  });
  const player = async (name: string) => {
    const session = await connect(name);
    return async (procedure: string, kwargs: Dict) => (await session.call(procedure, [], kwargs)).args[0];
  };
  const tell = async (news: unknown) => {
    await authority.publish(authorityMatches, [news], {}, { acknowledge: true });
    await quiet();
  };
  return { authority, asked, tell, ada: await player('ada'), bob: await player('bob') };
}

describe('a game that only its authority knows', () => {
  it('is asked for with the options as they are, and without a number of seats', async () => {
    const { ada, asked } = await nimTable();
    expect(await ada('lobby.quick', { game: 'nim', options: { piles: 3 } })).toEqual({ match: 'nim1' });
    expect(asked).toEqual([{ options: { piles: 3 }, listed: true, players: [] }]);
    expect(await ada('lobby.find', { match: 'nim1' })).toMatchObject({
      game: 'nim',
      status: 'open',
      seats: [{ player: null }, { player: null }],
    });
  });

  it('brings players of equal options together by quick match, and lists its matches', async () => {
    const { ada, bob, asked, tell } = await nimTable();
    await ada('lobby.quick', { game: 'nim', options: { piles: 3 } });
    await tell({ changed: summary });
    expect(await bob('lobby.quick', { game: 'nim', options: { piles: 3 } })).toEqual({ match: 'nim1' });
    expect(asked).toHaveLength(1);
    await bob('lobby.create', { game: 'nim' });
    expect(asked).toHaveLength(2);
    expect(await bob('lobby.list', { game: 'nim' })).toEqual({ matches: [summary] });
  });

  it('may be made with seats, of which its authority judges', async () => {
    const { ada, asked } = await nimTable({ match: 'nim1', seats: 4 });
    await ada('lobby.create', { game: 'nim', seats: 4, seat: 2, opponent: 'friend' });
    expect(asked).toEqual([{ options: {}, seats: 4, listed: false, players: [null, null, 'ada'] }]);
  });

  it('passes on what its authority refuses', async () => {
    const refusal = new CallError('game.error.bad_arguments', ['piles: too many'], {
      code: 'bad_arguments',
      details: { issues: [{ path: 'piles', message: 'too many' }] },
      version: 0,
    });
    const { ada } = await nimTable(refusal);
    expect(await refusalOf(ada('lobby.quick', { game: 'nim', options: { piles: 99 } }))).toMatchObject({
      uri: 'game.error.bad_arguments',
      message: 'piles: too many',
    });
  });

  it.each([
    [undefined, 'its answer to create does not fit'],
    [{ match: 'nim1' }, 'it does not say how many seats the match has'],
    [{ match: 'Nim.1', seats: 2 }, '"Nim.1" is no id of a match'],
  ])('whose authority answers %o is said to be faulty', async (answer, what) => {
    const { ada } = await nimTable(answer ?? null);
    expect(await refusalOf(ada('lobby.quick', { game: 'nim' }))).toMatchObject({
      uri: 'wamp.error.runtime_error',
      message: expect.stringContaining(`The authority of nim is faulty: ${what}`),
    });
  });

  it('keeps nobody waiting for other games while its authority does not answer', async () => {
    const { ada, bob } = await nimTable(new Promise(() => {}));
    void ada('lobby.quick', { game: 'nim' }).catch(() => {}); // until the server stops
    await quiet();
    expect(await bob('lobby.quick', { game: 'connect_four' })).toEqual({ match: 'match1' });
  });

  it('is no game any more when its authority has gone', async () => {
    const { ada, authority } = await nimTable();
    await authority.leave();
    for (const procedure of ['lobby.quick', 'lobby.create', 'lobby.list'])
      expect(await refusalOf(ada(procedure, { game: 'nim' }))).toMatchObject({ uri: 'lobby.error.no_such_game' });
  });

  it.each(['chess.match', 'Nim', '', 'nim.', 'x'.repeat(99)])('cannot be called %j', async (game) => {
    const { ada } = await nimTable();
    expect(await refusalOf(ada('lobby.quick', { game }))).toMatchObject({ uri: 'lobby.error.no_such_game' });
  });
});

describe('news of a match that make no sense', () => {
  it('are logged with what does not fit and change nothing, and the next ones are heard', async () => {
    const { ada, tell } = await nimTable();
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => logged.mockRestore());
    for (const nonsense of [null, 7, {}, { changed: { ...summary, seats: 2 } }, { removed: 3 }]) await tell(nonsense);
    expect(await ada('lobby.list', {})).toEqual({ matches: [] });
    expect(logged.mock.calls.map((line) => line.join(' '))).toEqual([
      expect.stringContaining('news of a match do not fit: Invalid input'),
      expect.stringContaining('news of a match do not fit: Invalid input'),
      expect.stringContaining('news of a match do not fit: changed: Invalid input'),
      expect.stringContaining('news of a match do not fit: changed.seats: Invalid input'),
      expect.stringContaining('news of a match do not fit: removed: Invalid input'),
    ]);
    await tell({ changed: summary });
    expect(await ada('lobby.list', {})).toEqual({ matches: [summary] });
  });
});
