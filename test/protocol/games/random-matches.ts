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
  type GameTypes,
  type Rules,
} from '../../../protocol/index.ts';

/** Plays to the end, following every change as clients do; each view and the replayed log must agree with the match. */
export function playRandomMatch<G extends GameTypes>(rules: Rules<G>, seed: number) {
  const random = new SeededRandom(seeded(seed));
  const match = harness(rules, { seed, twice: false }); // the log is replayed
  const seats = match.players.map((player) => ({ player, follower: new Follower(player.view) }));
  const spectator = new Follower(match.view);
  const whole = PackedForm.of(rules.game).whole({ view: match.view, open: match.view });
  const packedSpectator = new PackedFollower(rules.game, whole);
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
    for (const { player, follower } of seats) {
      const part = json.parts.get(player.seat);
      if (part) follower.accept(part);
      follower.accept(json.commit);
      if (diff(follower.view, player.view))
        expect(follower.view, `seed ${seed}: the view of seat ${player.seat}`).toEqual(player.view);
    }
    spectator.accept(json.commit);
    packedSpectator.accept(packed.commit);
    for (const { view } of [spectator, packedSpectator])
      if (diff(view, match.view)) expect(view, `seed ${seed}: the public view`).toEqual(match.view);
  }
  for (const { player, follower } of seats)
    expect(follower.view, `seed ${seed}: the view of seat ${player.seat}`).toEqual(player.view);
  for (const { view } of [spectator, packedSpectator])
    expect(view, `seed ${seed}: the public view`).toEqual(match.view);
  expect(match.replayed(), `seed ${seed}: the replayed log`).toEqual(match.state);
  return match;
}

/** Every legal move of the present position, each tried on its own. */
export function refusedLegalMoves<G extends GameTypes>(rules: Rules<G>, seed: number, plies: number): AnyMove[] {
  const random = new SeededRandom(seeded(seed));
  const played: Parameters<ReturnType<typeof harness<G>>['mover']['play']>[0][] = [];
  const refused: AnyMove[] = [];
  const again = () => {
    const match = harness(rules, { seed, twice: false });
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
