/** What a client that is not ours, joined as a player, cannot do: each attempt gets the error that says so. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../protocol/index.ts';
import { quiet, refusalOf, table } from './table.ts';

describe('a client that is not ours', () => {
  it('cannot move for another seat', async () => {
    const { begun, connect } = await table();
    const { ada, bob } = await begun();
    expect(await refusalOf(bob.move('drop', { column: 0 }, { seat: 0 }))).toMatchObject({
      uri: 'game.error.no_seat',
      message: 'You do not sit in that seat.',
    });
    const mallory = await connect('mallory');
    expect(await refusalOf(mallory.call(ada.uris.move('drop'), [{ column: 0 }]))).toMatchObject({
      uri: 'game.error.no_seat',
    });
    expect(await refusalOf(mallory.call(ada.uris.move('drop'), [{ column: 0 }], { seat: 0 }))).toMatchObject({
      uri: 'game.error.no_seat',
    });
    expect(await refusalOf(mallory.call(ada.uris.move('drop'), [{ column: 0 }], { authid: 'ada' }))).toMatchObject({
      uri: 'game.error.bad_arguments',
    });
    expect((await ada.view()).version).toBe(2);
  });

  it('cannot move as a spectator', async () => {
    const { begun, player } = await table();
    const { match } = await begun();
    const cyd = await player('cyd', 'connect_four', match);
    await cyd.join({ seat: null });
    expect(await refusalOf(cyd.move('drop', { column: 0 }))).toMatchObject({ uri: 'game.error.no_seat' });
  });

  it('cannot move out of turn', async () => {
    const { begun } = await table();
    const { bob } = await begun();
    expect(await refusalOf(bob.move('drop', { column: 0 }))).toEqual({
      uri: 'game.error.not_your_turn',
      details: { toAct: [0] },
      message: 'It is not your turn.',
      version: 2,
    });
  });

  it('cannot make the moves of another phase', async () => {
    const { begun } = await table();
    const { ada } = await begun('secret');
    expect(await refusalOf(ada.move('pick', { card: 1000 }))).toMatchObject({
      uri: 'game.error.wrong_phase',
      details: { phase: 'drawing' },
    });
  });

  it.each([
    'game.connect_four.create',
    'game.connect_four.match.match1.join',
    'lobby.quick',
    'authority.match',
    'bot.chess.play',
    'player.ada.ask',
  ])('cannot register %s', async (procedure) => {
    const { connect } = await table();
    const mallory = await connect('mallory');
    expect(await refusalOf(mallory.register(procedure, () => {}))).toMatchObject({
      uri: 'wamp.error.not_authorized',
      message: `role "player" may not register "${procedure}"`,
    });
  });

  it('cannot register a pattern in the way of a match', async () => {
    const { connect } = await table();
    const mallory = await connect('mallory');
    for (const [uri, match] of [
      ['game.connect_four.match.match1.', 'prefix'],
      ['game', 'prefix'],
      ['', 'prefix'],
      ['game..match..join', 'wildcard'],
    ] as const) {
      expect(await refusalOf(mallory.register(uri, () => {}, { match }))).toMatchObject({
        uri: 'wamp.error.not_authorized',
      });
    }
  });

  it('cannot publish what looks like state, or news of the lobby', async () => {
    const { begun, connect } = await table();
    const { ada } = await begun();
    await ada.listen();
    const mallory = await connect('mallory');
    for (const topic of [ada.uris.state.json, 'lobby.matches', 'authority.match', 'game.anything']) {
      expect(await refusalOf(mallory.publish(topic, [{}], {}, { acknowledge: true }))).toMatchObject({
        uri: 'wamp.error.not_authorized',
        message: `role "player" may not publish to "${topic}"`,
      });
      await mallory.publish(topic, [{ type: 'commit', version: 3, delta: {}, events: [] }]);
    }
    await quiet();
    expect(ada.heard).toEqual([]);
  });

  it('cannot subscribe by pattern, or to what is for services', async () => {
    const { connect } = await table();
    const mallory = await connect('mallory');
    const tries = [
      ['game.', 'prefix'],
      ['', 'prefix'],
      ['game..match..state.json', 'wildcard'],
      ['game.secret.match.match1.', 'prefix'],
      ['....state.json', 'wildcard'],
      ['authority.match', 'exact'],
      ['wamp.session.on_join', 'exact'],
    ] as const;
    for (const [topic, match] of tries) {
      expect(await refusalOf(mallory.subscribe(topic, () => {}, { match }))).toMatchObject({
        uri: 'wamp.error.not_authorized',
      });
    }
  });

  it('never receives the secrets of another seat, whatever it subscribes to and asks', async () => {
    const { begun, connect, player } = await table();
    const { match, ada, bob } = await begun('secret');
    const cyd = await player('cyd', 'secret', match);
    const received = { bob: [] as unknown[], cyd: [] as unknown[] };
    for (const [name, spy] of [
      ['bob', bob],
      ['cyd', cyd],
    ] as const) {
      await spy.session.subscribe(
        ada.uris.state.json,
        ({ args, kwargs, details }) => void received[name].push({ args, kwargs, details }),
      );
    }
    const ada2 = await connect('ada');
    const mine: Change[] = [];
    await ada2.subscribe(ada.uris.state.json, ({ args: [change] }) => void mine.push(change as Change));
    received.cyd.push(await cyd.join({ seat: null }));
    await ada.move('draw');
    await bob.move('draw');
    received.bob.push(await refusalOf(bob.move('pick', { card: 1 })));
    await ada.move('pick', { card: 2003 });
    received.bob.push(await bob.view());
    received.cyd.push(await cyd.view());
    await quiet();

    const known = { ada: ['1000', '2003'], bob: ['1001', '2002'], nobody: ['2000', '2001'] };
    const texts = { bob: JSON.stringify(received.bob), cyd: JSON.stringify(received.cyd) };
    for (const value of known.bob) expect(texts.bob).toContain(value);
    for (const value of [...known.ada, ...known.nobody]) expect(texts.bob).not.toContain(value);
    for (const value of [...known.ada, ...known.bob, ...known.nobody]) expect(texts.cyd).not.toContain(value);
    expect(JSON.stringify(mine)).toContain('2003');
    expect(JSON.stringify(mine)).not.toContain('2002');
    expect(received.cyd.length).toBeGreaterThan(4);
  });

  it('learns no secrets by trying one seat after the other before the match begins', async () => {
    const { create, player } = await table();
    const match = await create('secret');
    const mallory = await player('mallory', 'secret', match);
    const seen: unknown[] = [];
    for (const seat of [0, 1]) {
      seen.push(await mallory.join({ seat }), await mallory.view());
      await mallory.leave();
    }
    for (const card of ['1000', '1001', '2000']) expect(JSON.stringify(seen)).not.toContain(card);
    const ada = await player('ada', 'secret', match);
    await ada.listen();
    await ada.join({ seat: 0 });
    expect(JSON.stringify((await mallory.join()).view)).toContain('1001');
    expect(ada.heard.map(({ type }) => type)).toEqual(['commit', 'part', 'commit']);
    expect(JSON.stringify(ada.heard[1])).toContain('1000');
  });

  it('gets its own part before the commit of each version, and the others get only the commit', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun('secret');
    await ada.listen();
    await bob.listen();
    await ada.move('draw');
    expect(ada.heard.map(({ type, version }) => [type, version])).toEqual([
      ['part', 3],
      ['commit', 3],
    ]);
    expect(bob.heard.map(({ type, version }) => [type, version])).toEqual([['commit', 3]]);
    expect(ada.heard[0]).toMatchObject({ events: [{ event: 'drawn', data: { card: 2003 } }] });
    expect(bob.heard[0]).toMatchObject({ events: [{ event: 'drawn', data: { card: { concealed: true } } }] });
  });
});
