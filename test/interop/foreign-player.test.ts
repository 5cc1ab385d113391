/** A client that is not ours as a guest in the realm where games are played: it can play, and cannot cheat. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Wampy } from 'wampy';
import { CallError, gameUris, lobbyUris, type Change, type Dict, type MatchUris } from '../../protocol/index.ts';
import { connectFourRules } from '../../protocol/games/connect-four.ts';
import { gameRealm, startGameServer, type Running } from '../../server/main.ts';
import { secretRules } from '../server/authority/table.ts';
import { realmkit, type Peer } from './clients/index.ts';
import { ends } from './ends.ts';

let server: Running;
beforeAll(async () => {
  server = await startGameServer({ host: '127.0.0.1', port: 0, games: [connectFourRules, secretRules] });
});
afterAll(() => server.stop());

const patience = { timeout: 10_000 };
const foreign = ends.filter(({ client }) => client !== realmkit);

describe.each(foreign)('$title', ({ client, serializer, missing }) => {
  /** The foreign client in seat 0, ours in seat 1, both following the match. */
  async function seated(game: string): Promise<{ uris: MatchUris; theirs: Player; ours: Player }> {
    const url = `ws://127.0.0.1:${server.port}/ws`;
    const theirs = new Player(await client.connect(url, serializer, gameRealm));
    const ours = new Player(await realmkit.connect(url, serializer, gameRealm));
    onTestFinished(async () => void (await Promise.all([theirs.peer.leave(), ours.peer.leave()])));
    const { match } = await theirs.ask(lobbyUris.create, { game, opponent: 'friend', seat: 0 });
    const uris = gameUris(game).match(String(match));
    for (const player of [theirs, ours]) {
      await player.follow(uris.state.json);
      await player.ask(uris.join, { form: 'json' });
    }
    return { uris, theirs, ours };
  }
  const it = test.skipIf(missing);

  it('plays a match of connect four to the end', async () => {
    const { uris, theirs, ours } = await seated('connect_four');
    for (const column of [3, 3, 3]) {
      await theirs.move(uris, 'drop', { column });
      await ours.move(uris, 'drop', { column: 0 });
    }
    await theirs.move(uris, 'drop', { column: 3 });
    for (const player of [theirs, ours]) {
      await expect
        .poll(() => player.heard.at(-1), patience)
        .toMatchObject({
          type: 'commit',
          delta: { result: [{ winner: 0, reason: 'four_in_line' }] },
        });
    }
  });

  it('cannot move out of turn', async () => {
    const { uris, theirs } = await seated('connect_four');
    await theirs.move(uris, 'drop', { column: 3 });
    const refused = await failure(theirs.move(uris, 'drop', { column: 3 }));
    expect(refused).toMatchObject({
      uri: 'game.error.not_your_turn',
      args: ['It is not your turn.'],
      kwargs: { code: 'not_your_turn', details: { toAct: [1] } },
    });
  });

  it('cannot move for another seat', async () => {
    const { uris, theirs } = await seated('connect_four');
    await theirs.move(uris, 'drop', { column: 3 });
    const refused = await failure(theirs.move(uris, 'drop', { column: 3 }, { seat: 1 }));
    expect(refused).toMatchObject({ uri: 'game.error.no_seat', args: ['You do not sit in that seat.'] });
  });

  it('cannot register, publish or subscribe by pattern under game.', async () => {
    const { uris, theirs } = await seated('connect_four');
    const { peer } = theirs;
    const attempts = [
      peer.register(uris.move('drop'), () => ({ args: [], kwargs: {} })),
      peer.register('game.connect_four', () => ({ args: [], kwargs: {} }), { match: 'prefix' }),
      peer.publish(uris.state.json, { args: [{ type: 'commit', version: 9, delta: {}, events: [] }], kwargs: {} }),
      peer.publish('game.anything', { args: [], kwargs: {} }),
      peer.subscribe('game.connect_four', () => {}, { match: 'prefix' }),
      peer.subscribe('game.secret.match..state.json', () => {}, { match: 'wildcard' }),
    ];
    for (const attempt of attempts) {
      expect(await failure(attempt)).toMatchObject({
        uri: 'wamp.error.not_authorized',
        args: [expect.stringMatching(/^role "player" may not (register|publish to|subscribe to) "game\./)],
      });
    }
  });

  it('does not receive what is concealed in another seat', async () => {
    const { uris, theirs, ours } = await seated('secret');
    await theirs.move(uris, 'draw', {});
    const { version } = await ours.move(uris, 'draw', {});
    theirs.answers.push(await theirs.ask(uris.sync, { form: 'json' }));
    await expect.poll(() => theirs.heard.at(-1), patience).toMatchObject({ type: 'commit', version });
    const known = JSON.stringify([theirs.heard, theirs.answers]);
    for (const own of ['1000', '2003']) expect(known).toContain(own);
    for (const concealed of ['1001', '2000', '2001', '2002'])
      expect(known).not.toMatch(new RegExp(`\\b${concealed}\\b`)); // not as a part of some time
  });
});

test('a guest comes back with its ticket through wampy, and is refused with another', async () => {
  const first = guest();
  const { authid, authextra } = await first.connect();
  await first.disconnect();
  const ticket = (authextra as { ticket: string }).ticket;
  const again = guest({ authid: String(authid), onChallenge: () => ticket });
  expect(await again.connect()).toMatchObject({ authid, authrole: 'player', authmethod: 'ticket' });
  await again.disconnect();
  const forged = guest({ authid: 'somebody', onChallenge: () => ticket });
  await expect(forged.connect()).rejects.toMatchObject({
    errorUri: expect.stringMatching(/^wamp\.error\.authentication/),
  });
});

function guest(credentials?: { authid: string; onChallenge: () => string }): Wampy {
  const how = credentials ? { ...credentials, authmethods: ['ticket'] } : {};
  return new Wampy(`ws://127.0.0.1:${server.port}/ws`, {
    realm: gameRealm,
    ws: WebSocket,
    autoReconnect: false,
    ...how,
  });
}

class Player {
  readonly peer: Peer;
  /** Of the match's state, in order. */
  readonly heard: Change[] = [];
  readonly answers: Dict[] = [];

  constructor(peer: Peer) {
    this.peer = peer;
  }

  follow(topic: string): Promise<void> {
    return this.peer.subscribe(topic, ({ args: [change] }) => void this.heard.push(change as Change));
  }

  async ask(procedure: string, kwargs: Dict): Promise<Dict> {
    const { args } = await this.peer.call(procedure, { args: [], kwargs });
    const answer = args[0] as Dict;
    this.answers.push(answer);
    return answer;
  }

  async move(uris: MatchUris, move: string, args: Dict, kwargs: Dict = {}): Promise<Dict> {
    const answer = await this.peer.call(uris.move(move), { args: [args], kwargs });
    return answer.args[0] as Dict;
  }
}

async function failure(attempt: Promise<unknown>): Promise<unknown> {
  const error = await attempt.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CallError);
  return error;
}
