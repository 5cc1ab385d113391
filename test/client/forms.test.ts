import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PackedForm, type Dict } from '../../protocol/index.ts';
import { connectFour } from '../../protocol/games/connect-four.ts';
import { GameServer } from './game-server.ts';
import { settle } from './virtual-clock.ts';

let server: GameServer;
beforeEach(async () => void (server = await GameServer.start()));
afterEach(() => server.stop());

const quick = { match: 'quick' } as const;
/** A row, and another one on it: nobody has four. */
const twoRows = [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6];

describe('the wire form of a match', () => {
  it('is packed', async () => {
    const { client, network } = server.page();
    await client.join(connectFour, quick);
    expect(network.calls('join').map(({ kwargs }) => kwargs?.['form'])).toEqual(['packed']);
  });

  it('is json where the authority knows no other', async () => {
    const [left, right] = [server.page(), server.page()];
    right.network.tampers = (message) => {
      if (message.type === 'call' && message.kwargs?.['form'] === 'packed')
        Object.assign(message, { kwargs: { ...message.kwargs, form: 'unheard_of' } });
    };
    const first = await left.client.join(connectFour, quick);
    const second = await right.client.join(connectFour, quick);
    await settle();
    await first.moves.drop({ column: 3 });
    await settle();
    expect(second.view).toEqual(first.view);
    expect(second.view.state.last).toBe(3);
    expect(right.network.calls('join').map(({ kwargs }) => kwargs?.['form'])).toEqual(['unheard_of', 'json']);
  });

  it('is json where the authority answers in json, whatever it is asked for', async () => {
    const [left, right] = [server.page(), server.page()];
    right.network.tampers = (message) => {
      if (message.type === 'call' && message.kwargs?.['form'] === 'packed')
        Object.assign(message, { kwargs: { ...message.kwargs, form: 'json' } });
    };
    const first = await left.client.join(connectFour, quick);
    const second = await right.client.join(connectFour, quick);
    await first.moves.drop({ column: 3 });
    await settle();
    expect(second.view).toEqual(first.view);
  });

  it('goes on in each, also for who watches, when the authority has come back under sessions that have stayed', async () => {
    const [left, right, third] = [server.page(), server.page(), server.page()];
    right.network.tampers = (message) => {
      if (message.type === 'call' && message.kwargs?.['form'] === 'packed')
        Object.assign(message, { kwargs: { ...message.kwargs, form: 'unheard_of' } });
    };
    const first = await left.client.join(connectFour, quick);
    const second = await right.client.join(connectFour, quick);
    const watched = await third.client.join(connectFour, { match: { id: first.id }, watch: true });
    await settle();
    await first.moves.drop({ column: 3 });
    await server.restartAuthority(5_000);
    await settle();
    await second.moves.drop({ column: 4 });
    await settle();
    for (const { view, status } of [first, second, watched]) {
      expect(status.state).toBe('live');
      expect(view).toMatchObject({ epoch: 2, state: { last: 4 }, version: first.view.version });
    }
    expect(server.reported).toEqual([]);
  });
});

describe('a view in json that is none', () => {
  it.each([
    [{ offers: undefined }, 'offers: Invalid input'],
    [{ seats: [{ player: 7, connected: true }] }, 'seats[0].player: Invalid input'],
    [{ version: '1' }, 'version: Invalid input'],
  ])('%j is refused with what does not fit', async (fault, what) => {
    const { client, network } = server.page();
    network.tampers = (message) => {
      if (message.type === 'call' && message.kwargs?.['form'] === 'packed')
        Object.assign(message, { kwargs: { ...message.kwargs, form: 'json' } });
    };
    network.loses = (message) => {
      const answer = message.type === 'result' ? (message.args?.[0] as Dict) : {};
      if ('view' in answer)
        Object.assign(message, { args: [{ ...answer, view: { ...(answer['view'] as Dict), ...fault } }] });
      return false;
    };
    await expect(client.join(connectFour, quick)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`a view of the authority does not fit: ${what}`),
    });
  });
});

describe('a view that is not the authority’s', () => {
  it('is found out, reported and replaced', async () => {
    const [left, right] = [server.page(), server.page()];
    right.network.loses = (message) => {
      if (message.type === 'result') falsify(message.args?.[0]);
      return false;
    };
    const first = await left.client.join(connectFour, quick);
    const second = await right.client.join(connectFour, quick);
    right.network.loses = () => false;
    await settle();
    expect(second.view.options.columns).toBe(4);
    for (const [ply, column] of twoRows.entries()) await (ply % 2 === 0 ? first : second).moves.drop({ column });
    await settle();
    expect(second.view).toEqual(first.view);
    expect(server.reported).toEqual([new Error("the view of version 16 is not the authority's")]);
    expect(right.network.calls('sync').map(({ kwargs }) => kwargs?.['diverged'])).toEqual([16]);
    expect(server.counted).toEqual(['diverged']);
  });
});

/** The view of a join's answer, with another option than the match has. */
function falsify(answer: unknown): void {
  const { view } = answer as Dict;
  if (!(view instanceof Uint8Array)) return;
  const form = PackedForm.of(connectFour);
  const { view: seen } = form.readWhole(view);
  const falsified = { ...seen, options: { columns: 4 } };
  Object.assign(answer as Dict, { view: form.whole({ view: falsified, open: falsified }) });
}
