import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JoinError, MatchGoneError, type Gone } from '../../client/index.ts';
import { connectFour, connectFourRules } from '../../protocol/games/connect-four.ts';
import { CallError } from '../../protocol/index.ts';
import { GameServer } from './game-server.ts';
import { settle } from './virtual-clock.ts';

let server: GameServer;
beforeEach(async () => void (server = await GameServer.start()));
afterEach(() => server.stop());

const quick = { rules: connectFourRules, match: 'quick' } as const;

/** Two pages in one match; white (seat 0) moves first. */
async function playing() {
  const [left, right] = [server.page(), server.page()];
  const first = await left.client.join(connectFour, quick);
  const second = await right.client.join(connectFour, quick);
  await settle();
  return { left, right, first, second };
}

describe('joining', () => {
  it('quick match seats two players in one match', async () => {
    const { first, second } = await playing();
    expect(first.id).toBe(second.id);
    expect([first.seat, second.seat]).toEqual([0, 1]);
    expect(first.view).toEqual(second.view);
    expect(first.status).toEqual({ state: 'live' });
  });

  it('a new match is for whom its id is given to; a third page can only watch', async () => {
    const [host, guest, third] = [server.page().client, server.page().client, server.page().client];
    const match = await host.join(connectFour, { match: 'new', opponent: 'friend', seat: 1, options: { columns: 5 } });
    expect(match.seat).toBe(1);
    expect(match.view.options).toEqual({ columns: 5 });
    const other = await guest.join(connectFour, { match: { id: match.id } });
    expect(other.seat).toBe(0);
    await expect(third.join(connectFour, { match: { id: match.id } })).rejects.toMatchObject({
      name: 'JoinError',
      code: 'full',
    });
    const watched = await third.join(connectFour, { match: { id: match.id }, watch: true });
    expect([watched.seat, watched.spectating]).toEqual([null, true]);
    await other.moves.drop({ column: 2 });
    await settle();
    expect(watched.view.state.last).toBe(2);
  });

  it.each(['nobodyhosts1', 'Not An Id', '', '../x', 'a.b'])('a match that does not exist says so: "%s"', async (id) => {
    const { client } = server.page();
    const joining = client.join(connectFour, { match: { id } });
    await expect(joining).rejects.toThrow(JoinError);
    await expect(joining).rejects.toMatchObject({ code: 'no_such_match', message: 'There is no such match.' });
  });

  it('options that do not fit are refused', async () => {
    const { client } = server.page();
    const joining = client.join(connectFour, { match: 'new', options: { columns: 99 } });
    await expect(joining).rejects.toMatchObject({ code: 'bad_arguments' });
  });

  it('a game that the server does not have is refused', async () => {
    const other = await GameServer.start([]);
    await expect(other.page().client.join(connectFour, quick)).rejects.toMatchObject({ code: 'no_such_game' });
    await other.stop();
  });

  it('a match whose game nobody serves is unavailable', async () => {
    const other = await GameServer.start([]);
    const joining = other.page().client.join(connectFour, { match: { id: 'x' } });
    await expect(joining).rejects.toMatchObject({ code: 'unavailable' });
    await other.stop();
  });

  it('an outdated page is told to reload', async () => {
    const { client } = server.page();
    const { id } = await client.join(connectFour, { match: 'new' });
    const outdated = { ...connectFour, fingerprint: '0123456789abcdef' };
    await expect(client.join(outdated, { match: { id } })).rejects.toMatchObject({ code: 'outdated_client' });
  });

  it('survives a connection that breaks in the middle', async () => {
    const { client, network } = server.page();
    await client.online();
    network.loses = ({ type }) => type === 'subscribed';
    const joining = client.join(connectFour, quick);
    await settle();
    network.loses = () => false;
    await network.cut();
    await server.clock.pass(250);
    expect((await joining).seat).toBe(0);
  });

  it('rejects when the client is closed meanwhile', async () => {
    const { client } = server.page({ up: false });
    const refused = expect(client.join(connectFour, quick)).rejects.toThrow('the client is closed');
    await settle();
    client.close();
    await refused;
  });

  it('two tabs of one player share the seat', async () => {
    const { client, storage } = server.page();
    const match = await client.join(connectFour, quick);
    const tab = server.page({
      storage: { getItem: (key) => storage.get(key) ?? null, setItem() {} },
    }).client;
    const same = await tab.join(connectFour, quick);
    expect([same.id, same.seat]).toEqual([match.id, match.seat]);
  });
});

describe('moves', () => {
  it('an accepted move resolves when the view shows it', async () => {
    const { first } = await playing();
    const outcome = await first.moves.drop({ column: 3 });
    expect(outcome).toEqual({ ok: true, version: first.view.version });
    expect(first.view.state.board[3]).toEqual([0]);
  });

  it('a result that overtakes its event waits for the view', async () => {
    const { left, first } = await playing();
    const { version } = first.view;
    left.network.loses = ({ type }) => type === 'event';
    let outcome: unknown;
    void first.moves.drop({ column: 3 }).then((made) => (outcome = made));
    await server.clock.pass(500);
    expect([outcome, first.view.version]).toEqual([undefined, version]);
    await server.clock.pass(500);
    expect(outcome).toEqual({ ok: true, version: version + 1 });
    expect(first.view.version).toBe(version + 1);
  });

  it('a refused move tells why, and changes nothing', async () => {
    const { first, second } = await playing();
    const outcome = await second.moves.drop({ column: 3 });
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'not_your_turn', details: { toAct: [0] }, message: 'It is not your turn.' },
    });
    const wrong = await first.play({ move: 'drop', args: { column: 8 } });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'no_such_column', details: { column: 8 } } });
  });

  it('a move made while the connection is away is sent when it is back', async () => {
    const { left, first, second } = await playing();
    left.network.up = false;
    await left.network.cut();
    expect(first.status.state).toBe('catching_up');
    const moving = first.moves.drop({ column: 1 });
    await server.clock.pass(1_000);
    left.network.up = true;
    await server.clock.pass(2_000);
    expect((await moving).ok).toBe(true);
    expect(second.view.state.board[1]).toEqual([0]);
  });

  it('a move whose answer was lost is sent again with its id, and made once', async () => {
    const { left, first } = await playing();
    left.network.loses = ({ type }) => type === 'result' || type === 'event';
    const moving = first.moves.drop({ column: 1 });
    await settle();
    left.network.loses = () => false;
    await left.network.cut();
    await server.clock.pass(250);
    expect((await moving).ok).toBe(true);
    expect(first.view.state.board[1]).toEqual([0]);
    const [once, again, ...more] = left.network.calls('drop');
    expect(more).toEqual([]);
    expect(again?.kwargs).toEqual(once?.kwargs);
  });

  it('each attempt has an id of its own', async () => {
    const { left, first, second } = await playing();
    await first.moves.drop({ column: 1 });
    await second.moves.drop({ column: 1 });
    await first.moves.drop({ column: 1 });
    const ids = left.network.calls('drop').map(({ kwargs }) => kwargs?.['id']);
    expect(new Set(ids).size).toBe(2);
  });

  it('a move decided on an old view is refused as stale, once the view is the new one', async () => {
    const { right, first, second } = await playing();
    right.network.loses = ({ type }) => type === 'event';
    await first.moves.drop({ column: 4 });
    const moving = second.moves.drop({ column: 5 });
    await server.clock.pass(1_000);
    expect(await moving).toMatchObject({
      ok: false,
      error: { code: 'stale', details: { version: first.view.version } },
    });
    expect(second.view).toEqual(first.view);
  });

  it('a spectator has no seat to move from', async () => {
    const { first } = await playing();
    const watching = await server.page().client.join(connectFour, { match: { id: first.id }, watch: true });
    expect(await watching.moves.drop({ column: 0 })).toMatchObject({ ok: false, error: { code: 'no_seat' } });
  });
});

describe('the view', () => {
  it('comes before the events that came with it', async () => {
    const { first, second } = await playing();
    const told: unknown[] = [];
    second.onView((view, previous) => told.push(['view', previous.state.last, view.state.last]));
    second.on('landed', (data) => told.push(['landed', data, second.view.state.last]));
    await first.moves.drop({ column: 4 });
    await settle();
    expect(told).toEqual([
      ['view', null, 4],
      ['landed', { column: 4, row: 0 }, 4],
    ]);
  });

  it('after a gap is asked for again', async () => {
    const { right, first, second } = await playing();
    right.network.loses = ({ type }) => type === 'event';
    await first.moves.drop({ column: 4 });
    await settle();
    expect(second.view.state.last).toBeNull();
    right.network.loses = () => false;
    const states: string[] = [];
    second.onStatus(({ state }) => states.push(state));
    await first.moves.resign();
    await settle();
    expect(second.view).toEqual(first.view);
    expect(second.view.state.board[4]).toEqual([0]);
    expect(states).toEqual(['catching_up', 'live']);
    expect(right.network.calls('sync')).toHaveLength(1);
  });

  it('follows again after a reconnect, in the same seat', async () => {
    const { right, first, second } = await playing();
    right.network.up = false;
    await right.network.cut();
    expect(first.view.seats[1].connected).toBe(false);
    await first.moves.drop({ column: 4 });
    right.network.up = true;
    await server.clock.pass(1_000);
    expect(second.seat).toBe(1);
    expect(second.view).toEqual(first.view);
    expect((await second.moves.drop({ column: 4 })).ok).toBe(true);
  });

  it('a change that makes no sense is reported, and costs nothing but asking again', async () => {
    const { right, first, second } = await playing();
    right.network.loses = (message) => {
      if (message.type === 'event') Object.assign(message, { args: [{ type: 'commit' }] });
      return false;
    };
    await first.moves.drop({ column: 4 });
    await settle();
    right.network.loses = () => false;
    await first.moves.resign();
    await settle();
    expect(second.view).toEqual(first.view);
    expect(server.reported).toEqual([new Error('a packed change of a match is not bytes')]);
  });
});

describe('the end', () => {
  it('after a restart of the server the match is gone, and what waits is told so', async () => {
    const { left, first } = await playing();
    const gone: Gone[] = [];
    first.onGone((told) => gone.push(told));
    left.network.loses = ({ type }) => type === 'result';
    const moving = first.moves.drop({ column: 1 });
    await settle();
    await server.restart();
    left.network.loses = () => false;
    await server.clock.pass(1_000);
    expect(gone).toEqual([{ state: 'gone', reason: 'no_such_match', message: 'There is no such match.' }]);
    expect(first.status).toBe(gone[0]);
    expect(await moving).toMatchObject({ ok: false, error: { code: 'no_such_match' } });
    expect(await first.moves.drop({ column: 1 })).toMatchObject({ ok: false, error: { code: 'no_such_match' } });
  });

  it('leaving gives the seat up: the other one wins', async () => {
    const { first, second } = await playing();
    const gone: Gone[] = [];
    first.onGone((told) => gone.push(told));
    await first.leave();
    await settle();
    expect(second.view.result).toEqual({ winner: 1, reason: 'left' });
    expect(first.status).toMatchObject({ state: 'gone', reason: 'left' });
    expect(gone).toEqual([]);
    await expect(first.moves.drop({ column: 1 })).rejects.toThrow(MatchGoneError);
  });

  it('leaving ends well when the match is gone before the answer', async () => {
    const { left, first } = await playing();
    left.network.up = false;
    await left.network.cut();
    const leaving = first.leave();
    first.detach();
    await expect(leaving).resolves.toBeUndefined();
  });

  it('detaching keeps the seat, and ends the subscription', async () => {
    const { left, first, second } = await playing();
    first.detach();
    await settle();
    expect(left.network.sent.at(-1)?.type).toBe('unsubscribe');
    expect(second.view.seats[0].connected).toBe(true);
    const again = await left.client.join(connectFour, { match: { id: first.id } });
    expect(again.seat).toBe(0);
  });

  it('closing the client rejects the moves that wait', async () => {
    const { left, first } = await playing();
    left.network.loses = ({ type }) => type === 'result';
    const refused = expect(first.moves.drop({ column: 1 })).rejects.toMatchObject({
      name: 'MatchGoneError',
      reason: 'closed',
    });
    await settle();
    left.client.close();
    await refused;
  });

  it('a call that fails otherwise rejects with its CallError', async () => {
    const { left, first } = await playing();
    left.network.loses = (message) => {
      if (message.type === 'result')
        Object.assign(message, { type: 'error', requestType: 48, error: 'wamp.error.runtime_error', details: {} });
      return false;
    };
    await expect(first.moves.drop({ column: 1 })).rejects.toThrow(CallError);
  });

  it('both want a rematch: its id is in the view, and the seats are swapped', async () => {
    const { left, right, first, second } = await playing();
    await first.moves.resign();
    expect(await first.offer('rematch')).toMatchObject({ ok: true });
    expect(first.view.rematch).toEqual({ wantedBy: [0], match: null });
    expect(await second.answer('rematch', true)).toMatchObject({ ok: true });
    const id = second.view.rematch.match ?? 'none';
    const [again, other] = [
      await left.client.join(connectFour, { match: { id } }),
      await right.client.join(connectFour, { match: { id } }),
    ];
    expect([again.seat, other.seat]).toEqual([1, 0]);
  });
});

describe('the rules here', () => {
  it('check says what the authority would say', async () => {
    const { first, second } = await playing();
    expect(first.check.drop({ column: 3 })).toEqual({ ok: true, version: first.view.version + 1 });
    expect(first.check.drop({ column: 8 })).toMatchObject({ ok: false, error: { code: 'no_such_column' } });
    expect(second.check.drop({ column: 3 })).toMatchObject({ ok: false, error: { code: 'not_your_turn' } });
    expect(second.check.resign()).toMatchObject({ ok: true });
  });

  it('legal lists the moves of now, and none before the match has begun', async () => {
    const lonely = await server
      .page()
      .client.join(connectFour, { match: 'new', opponent: 'friend', rules: connectFourRules });
    expect(lonely.legal()).toEqual([]);
    expect(lonely.check.resign()).toMatchObject({ ok: false, error: { code: 'not_your_turn' } });
    const { first, second } = await playing();
    expect(first.legal()).toHaveLength(7);
    expect(second.legal()).toEqual([]);
  });

  it('every legal move can be played as it is', async () => {
    const { first, second } = await playing();
    for (let turn = 0; !first.view.result; turn++) {
      const mover = [first, second][turn % 2]!;
      const moves = mover.legal();
      const outcome = await mover.play(moves[(turn * 5) % moves.length]!);
      expect(outcome.ok).toBe(true);
      await server.clock.pass(1_000);
    }
    expect(first.legal()).toEqual([]);
    expect(second.view).toEqual(first.view);
  });
});

describe('waiting for a view', () => {
  it('ends with the first one that fits, the present one included', async () => {
    const { first, second } = await playing();
    expect(await first.until(({ toAct }) => toAct.includes(0))).toBe(first.view);
    const played = second.until(({ state }) => state.last === 3);
    await first.moves.drop({ column: 3 });
    expect((await played).toAct).toEqual([1]);
  });

  it('rejects when the match is left, and where it has been left before', async () => {
    const { first } = await playing();
    const never = first.until(({ result }) => result !== null);
    first.detach();
    await expect(never).rejects.toThrow(MatchGoneError);
    await expect(first.until(() => false)).rejects.toThrow(MatchGoneError);
  });
});
