import { describe, expect, it } from 'vitest';
import {
  Follower,
  harness,
  isConcealed,
  PackedFollower,
  PackedForm,
  SeededRandom,
  seeded,
  type AnyView,
  type Applied,
} from '../../../protocol/index.ts';
import { cards, cardsRules } from './cards.ts';

type State = (typeof cards)['types']['state'];

/** All that a seat, or for null the public, may not see in a state, as text. */
function secretsFrom(state: State, viewer: number | null): Set<string> {
  const code = (card: { code: number }) => String(card.code);
  const others = [...state.hands.keys()].filter((seat) => seat !== viewer);
  const strangers = [...state.hands.keys()].filter((seat) => viewer === null || seat % 2 !== viewer % 2);
  return new Set([
    ...state.deck.map(code),
    ...state.pile.map(code),
    ...others.flatMap((seat) => state.hands[seat]!.map(code)),
    ...state.tables.map(({ secret }) => secret),
    ...others.map((seat) => state.tables[seat]!.note!),
    ...strangers.map((seat) => state.plans[seat]!),
  ]);
}
const leaked = (told: unknown, secrets: Iterable<string>) =>
  [...secrets].filter((secret) => JSON.stringify(told).includes(secret));

/** Plays by chance; `check` sees each change with the states around it. */
function playedByChance(
  seed: number,
  check: (
    applied: Applied & { ok: true },
    before: State,
    match: ReturnType<typeof harness<(typeof cards)['types']>>,
  ) => void,
): void {
  const random = new SeededRandom(seeded(seed));
  const match = harness(cardsRules, { seed, seats: 2 + (seed % 5) });
  for (let step = 0; !match.view.result; step++) {
    const before = match.state;
    if (random.int(0, 3) === 0) random.pick(match.players).moves.plan({ text: `idea ${step} of nobody else` });
    else match.mover.play(random.pick(match.mover.legal()));
    const applied = match.applied.at(-1)!;
    if (applied.ok) check(applied, before, match);
  }
}

describe('what is concealed', () => {
  it('is in no view of others', () => {
    for (let seed = 0; seed < 20; seed++) {
      playedByChance(seed, (_, __, { players, state, view }) => {
        for (const player of players)
          expect(leaked(player.view, secretsFrom(state, player.seat)), `seed ${seed}, seat ${player.seat}`).toEqual([]);
        expect(leaked(view, secretsFrom(state, null)), `seed ${seed}, public`).toEqual([]);
      });
    }
  });

  it('is in no delta, event or part for others', () => {
    for (let seed = 0; seed < 20; seed++) {
      playedByChance(seed, ({ told }, before, { state }) => {
        const { commit, parts } = told.json;
        const always = (viewer: number) =>
          [...secretsFrom(state, viewer)].filter((secret) => secretsFrom(before, viewer).has(secret));
        expect(leaked(commit, secretsFrom(state, null)), `seed ${seed}, commit ${commit.version}`).toEqual([]);
        for (const [seat, part] of parts)
          expect(leaked(part, always(seat)), `seed ${seed}, part ${commit.version} of seat ${seat}`).toEqual([]);
      });
    }
  });

  it('is in no refusal but one’s own', () => {
    const match = harness(cardsRules, { options: { stake: 5 }, seats: 2 });
    const refused = match.players[0].moves.bid({ value: 1 });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'too_low', details: { least: 6, hand: match.state.hands[0] } },
    });
    expect(leaked(refused, secretsFrom(match.state, 0))).toEqual([]);
  });

  it('reaches whom it belongs to', () => {
    const match = harness(cardsRules, { seats: 4 });
    const { hands, tables, plans } = match.players[1].view.state;
    expect(hands[1]).toEqual(match.state.hands[1]);
    expect(tables[1]).toEqual({ bid: null, note: 'note of 1', chips: 10 });
    expect([plans[1], plans[3]]).toEqual(['plan of 1', 'plan of 3']);
    expect([hands[0], plans[0], plans[2], tables[0].note].every(isConcealed)).toBe(true);
  });

  it('leaves no hidden field behind, but its place in a list', () => {
    const match = harness(cardsRules, { seats: 2 });
    for (const player of match.players) player.moves.bid({ value: 1 });
    match.players[0].moves.play({ card: 0 });
    expect(match.players[0].view.state).not.toHaveProperty('deck');
    expect(match.players[0].view.state.tables[0]).not.toHaveProperty('secret');
    expect(match.players[0].view.state.pile).toEqual([{ concealed: true }]);
  });

  it('belongs in events to the seat that acted', () => {
    const match = harness(cardsRules, { seats: 3 });
    for (const player of match.players) player.moves.bid({ value: 1 });
    const [card] = match.state.hands[0];
    match.players[0].moves.play({ card: 0 });
    const applied = match.applied.at(-1)!;
    if (!applied.ok) throw new Error('refused');
    expect(applied.told.json.commit.events).toEqual([
      { event: 'dealt', data: { count: 1, card: { concealed: true } } },
    ]);
    expect(applied.told.json.parts.get(0)?.events).toEqual([{ event: 'dealt', data: { count: 1, card } }]);
    expect(applied.told.json.parts.get(1)?.events).toBeUndefined();
  });
});

it('parts and commits lead every seat and the public to its view, in both forms', () => {
  for (let seed = 0; seed < 20; seed++) {
    const followers = new Map<number, ReturnType<typeof bothForms>>();
    playedByChance(seed, ({ told: { json, packed } }, _, { players, view: open }) => {
      for (const { seat, view } of [...players, { seat: -1, view: open }]) {
        const followed = followers.get(seat);
        for (const change of [json.parts.get(seat), json.commit]) if (change) followed?.json.accept(change);
        for (const change of [packed.parts.get(seat), packed.commit]) if (change) followed?.packed.accept(change);
        if (!followed) followers.set(seat, bothForms(view, open));
        for (const [form, follower] of Object.entries(followers.get(seat)!))
          expect(follower.view, `seed ${seed}, seat ${seat}, ${form}`).toEqual(view);
      }
    });
  }
});

const bothForms = (view: AnyView, open: AnyView) => ({
  json: new Follower(view),
  packed: new PackedFollower(cards, PackedForm.of(cards).whole({ view, open })),
});
