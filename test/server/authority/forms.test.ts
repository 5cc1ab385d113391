import { describe, expect, it, vi } from 'vitest';
import { PackedFollower, type AnyRules, type Session } from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { campRules } from './camp.ts';
import { quiet, secretRules, table, type Player } from './table.ts';

/** Everything that a player hears and is answered in the packed form, and the view that it makes. */
async function followPacked({ game }: AnyRules, player: Player, watch = false) {
  const bytes: Uint8Array[] = [];
  let accept: (change: Uint8Array) => unknown = () => null; // what comes before the whole view is in it
  await player.session.subscribe(player.uris.state.packed, ({ args: [change] }) => {
    bytes.push(change as Uint8Array);
    accept(change as Uint8Array);
  });
  const { view } = await player.call(player.uris.join, [], { form: 'packed', ...(watch ? { seat: null } : {}) });
  bytes.push(view as Uint8Array);
  const follower = new PackedFollower(game, view as Uint8Array);
  accept = (change) => follower.accept(change);
  return { bytes, follower };
}

/** Topics that the authority publishes to while something happens. */
async function topicsOf(authority: Session, act: () => Promise<unknown>): Promise<string[]> {
  const publishing = vi.spyOn(authority, 'publish');
  await act();
  await quiet();
  const topics = publishing.mock.calls.map(([topic]) => topic.split('.').slice(-2).join('.'));
  publishing.mockRestore();
  return topics.filter((topic) => topic.startsWith('state.'));
}

async function startedWith(rules: AnyRules) {
  const { begun, player } = await table({ games: [rules] });
  const both = await begun(rules.game.name);
  return { begun: both, player, match: both.match };
}

describe('the packed form', () => {
  it('leads every seat to the view that it gets in json', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun('secret');
    const [left, right] = [await followPacked(secretRules, ada), await followPacked(secretRules, bob)];
    await ada.move('draw');
    await bob.move('draw');
    await ada.move('pick', { card: 2003 });
    await bob.move('pick', { card: 2002 });
    await quiet();
    expect(left.follower.view).toEqual(await ada.view());
    expect(right.follower.view).toEqual(await bob.view());
    expect(left.follower.view).not.toEqual(right.follower.view);
  });

  it('is published while somebody has asked for it, and json while somebody has asked for that', async () => {
    const { create, player, authority } = await table();
    const match = await create();
    const [ada, bob] = [await player('ada', 'connect_four', match), await player('bob', 'connect_four', match)];
    await followPacked(connectFourRules, ada);
    await followPacked(connectFourRules, bob);
    expect(await topicsOf(authority, () => ada.move('drop', { column: 3 }))).toEqual(['state.packed']);
    const eve = await player('eve', 'connect_four', match);
    await eve.follow();
    expect(await topicsOf(authority, () => bob.move('drop', { column: 3 }))).toEqual(['state.json', 'state.packed']);
    await eve.drop();
    expect(await topicsOf(authority, () => ada.move('drop', { column: 3 }))).toEqual(['state.packed']);
  });

  it('has the same bytes for everybody else, whatever a seat holds', async () => {
    const bytesOf = async (card: number) => {
      const setup = (context: object) => {
        const state = secretRules.behaviour.setup(context) as { hands: { cards: number[] }[]; deck: number[] };
        state.hands[0]!.cards = [card];
        return { ...state, deck: [card + 2, card + 1, 2002, card] };
      };
      const rules: AnyRules = { ...secretRules, behaviour: { ...secretRules.behaviour, setup } };
      const { begun, player, match } = await startedWith(rules);
      const { ada, bob } = begun;
      const eve = await player('eve', 'secret', match);
      const heard = [
        await followPacked(rules, ada),
        await followPacked(rules, bob),
        await followPacked(rules, eve, true),
      ];
      await ada.move('draw');
      await bob.move('draw');
      await ada.move('pick', { card });
      await bob.move('pick', { card: 2002 });
      await quiet();
      return heard.map(({ bytes }) => bytes);
    };
    const [[own, ...others], [otherOwn, ...stillOthers]] = [await bytesOf(5000), await bytesOf(7777)];
    expect(stillOthers).toEqual(others);
    expect(otherOwn).not.toEqual(own);
  });

  it('is refused by another name, which the answer says', async () => {
    const { begun } = await table();
    const { ada } = await begun();
    await expect(ada.call(ada.uris.sync, [], { form: 'xml' })).rejects.toMatchObject({
      kwargs: { details: { issues: [{ path: 'form' }] } },
    });
  });
});

it('a session in a world that asks for another form gets that one only', async () => {
  const { authority, create, player, clock } = await table({ games: [campRules] });
  const ada = await player('ada', 'camp', await create('camp'));
  await ada.join();
  const ticks = (count: number) => topicsOf(authority, () => clock.advance(100 * count));
  await ticks(1);
  expect(new Set(await ticks(2))).toEqual(new Set(['state.packed', 'state.json']));
  await ada.call(ada.uris.sync, [], { form: 'packed' });
  expect(new Set(await ticks(2))).toEqual(new Set(['state.packed']));
});
