/** What must hold of any game, tried on matches of random legal moves. */
import { expect } from 'vitest';
import {
  diff,
  Follower,
  harness,
  PackedFollower,
  PackedForm,
  SeededRandom,
  seeded,
  type AnyMove,
  type AnyRules,
  type AnyView,
  type GameTypes,
  type Rules,
} from '../../../protocol/index.ts';

/** Plays to the end, following every change as clients do; each view and the replayed log must agree with the match. */
export function playRandomMatch<G extends GameTypes>(rules: Rules<G>, seed: number) {
  const random = new SeededRandom(seeded(seed));
  const match = harness(rules, { seed });
  const followers = [
    ...match.players.map((player) => ({
      who: player,
      seat: player.seat,
      ...followersOf(rules, match.view, player.view),
    })),
    { who: match, seat: null, ...followersOf(rules, match.view, match.view) },
  ];
  while (match.view.result === null) {
    match.advance(random.int(0, 5_000));
    const legal = match.mover.legal();
    expect(legal.length, `seed ${seed}: a legal move for the seat that is to act`).toBeGreaterThan(0);
    const move = random.pick(legal);
    const outcome = match.mover.play(move);
    if (!outcome.ok)
      expect.fail(`seed ${seed}: ${JSON.stringify(move)} is listed as legal, but: ${outcome.error.message}`);
    const applied = match.applied.at(-1)!;
    if (!applied.ok) continue;
    const { json, packed } = applied.told;
    for (const { who, seat, follower, packedFollower } of followers) {
      const parts = {
        json: seat === null ? undefined : json.parts.get(seat),
        packed: seat === null ? undefined : packed.parts.get(seat),
      };
      for (const change of [parts.json, json.commit]) if (change) follower.accept(change);
      for (const change of [parts.packed, packed.commit]) if (change) packedFollower.accept(change);
      for (const [form, { view }] of [
        ['json', follower],
        ['packed', packedFollower],
      ] as const)
        if (diff(view, who.view))
          expect(view, `seed ${seed}: the ${form} view of ${seat ?? 'the public'}`).toEqual(who.view);
    }
  }
  for (const { who, follower, packedFollower } of followers) {
    expect(follower.view, `seed ${seed}`).toEqual(who.view);
    expect(packedFollower.view, `seed ${seed}`).toEqual(who.view);
  }
  expect(match.replayed(), `seed ${seed}: the replayed log`).toEqual(match.state);
  return match;
}

/** A view followed in both wire forms. */
const followersOf = ({ game }: AnyRules, open: AnyView, view: AnyView) => ({
  follower: new Follower<AnyView>(view),
  packedFollower: new PackedFollower(game, PackedForm.of(game).whole({ view, open })),
});

/** Every legal move of the present position, each tried on its own. */
export function refusedLegalMoves<G extends GameTypes>(rules: Rules<G>, seed: number, plies: number): AnyMove[] {
  const random = new SeededRandom(seeded(seed));
  const played: Parameters<ReturnType<typeof harness<G>>['mover']['play']>[0][] = [];
  const refused: AnyMove[] = [];
  const again = () => {
    const match = harness(rules, { seed });
    for (const move of played) match.mover.play(move);
    return match;
  };
  for (let ply = 0; ply < plies; ply++) {
    const match = again();
    if (match.view.result) break;
    const legal = match.mover.legal();
    for (const move of legal) {
      const outcome = again().mover.play(move);
      if (!outcome.ok) refused.push(move);
    }
    played.push(random.pick(legal));
  }
  return refused;
}
