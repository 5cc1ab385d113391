import { afterEach, beforeEach, expect, it } from 'vitest';
import { concealed, isConcealed } from '../../protocol/index.ts';
import { GameServer } from './game-server.ts';
import { cards, cardsRules } from './secret-cards.ts';
import { settle } from './virtual-clock.ts';

let server: GameServer;
beforeEach(async () => void (server = await GameServer.start([cardsRules])));
afterEach(() => server.stop());

const how = { rules: cardsRules, match: 'quick' } as const;

async function playing() {
  const [left, right] = [server.page(), server.page()];
  const first = await left.client.join(cards, how);
  const second = await right.client.join(cards, how);
  await first.moves.bid({ value: 1 });
  await second.moves.bid({ value: 2 });
  await settle();
  return { left, first, second };
}

it('each seat sees its own hand, and that the others have one', async () => {
  const { first, second } = await playing();
  expect(first.view.phase).toBe('playing');
  expect(first.view.state.hands[0]).toHaveLength(2);
  expect(first.view.state.hands[1]).toEqual(concealed);
  expect(second.view.state.hands[0]).toEqual(concealed);
  expect(first.view.state).not.toHaveProperty('deck');
});

it('the part for a seat and the commit for all arrive as one view, events in the form of the seat', async () => {
  const { first, second } = await playing();
  const drawn: [seat: number, isConcealed: boolean][] = [];
  const views: number[] = [];
  first.onView(({ version }) => views.push(version));
  first.on('drawn', ({ card }) => drawn.push([0, isConcealed(card)]));
  second.on('drawn', ({ card }) => drawn.push([1, isConcealed(card)]));
  const before = first.view.state.hands[0];
  await first.moves.play({ card: 0 });
  await settle();
  expect(views).toEqual([first.view.version]);
  expect(first.view.state.hands[0]).not.toEqual(before);
  expect(new Map(drawn)).toEqual(
    new Map([
      [0, false],
      [1, true],
    ]),
  );
  expect(second.view.state.hands[0]).toEqual(concealed);
});

it('a spectator sees no hand', async () => {
  const { first } = await playing();
  const watching = await server.page().client.join(cards, { match: { id: first.id }, watch: true });
  await first.moves.play({ card: 0 });
  await settle();
  expect([...watching.view.state.hands]).toEqual([concealed, concealed]);
  expect(watching.view.state.pile).toEqual([concealed]);
});

it('a view caught up after a reconnect is whole, secrets too', async () => {
  const { left, first, second } = await playing();
  left.network.up = false;
  await left.network.cut();
  const moving = first.moves.play({ card: 1 });
  left.network.up = true;
  await server.clock.pass(1_000);
  expect((await moving).ok).toBe(true);
  expect(first.view.state.hands[0]).toHaveLength(2);
  expect(second.view.state.pile).toHaveLength(1);
});

it('check knows a refusal, and says unknown where it would need the deck', async () => {
  const { first } = await playing();
  expect(first.check.play({ card: 9 })).toMatchObject({ ok: false, error: { code: 'not_held' } });
  expect(first.check.play({ card: 0 })).toEqual({ ok: 'unknown' });
  expect(first.check.bid({ value: 3 })).toMatchObject({ ok: false, error: { code: 'wrong_phase' } });
});
