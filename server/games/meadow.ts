/** A hedgehog of the computer: gathers what is near, carries it home, and tosses a cone at who stands in its way. */
import { worldBot, type Random } from '../../protocol/index.ts';
import { distance, hem, meadow, mostCarried, reach, side, stump } from '../../protocol/games/meadow.ts';

/** Of how many questions one makes it think of tossing. */
const tossesOneIn = 10;
/** Of how many one sends it elsewhere, while it sees nothing to gather. */
const turnsOneIn = 20;
/** So near it is there, units. */
const there = 16;

interface Place {
  readonly x: number;
  readonly y: number;
}

export const hedgehog = worldBot(meadow, ({ view, me, player, moves, random }) => {
  const others = Object.entries(view.players).flatMap(([id, other]) => (id === player ? [] : [other]));
  const near = others.find((other) => distance(me, other) < reach.toss / 2);
  if (near && me.rest === 0 && random.int(1, tossesOneIn) === 1) void moves.toss({ x: near.x, y: near.y });
  if (me.basket === mostCarried) return towards(me, stump);
  const [fruit] = Object.values(view.entities.fruit).toSorted((a, b) => distance(me, a) - distance(me, b));
  if (fruit) return towards(me, fruit);
  if (me.basket > 0) return towards(me, stump);
  return random.int(1, turnsOneIn) === 1 ? towards(me, anywhere(random)) : null;
});

const anywhere = (random: Random): Place => ({ x: random.int(hem, side - hem), y: random.int(hem, side - hem) });

function towards(from: Place, to: Place): { dx: number; dy: number } {
  const far = distance(from, to);
  return far < there ? { dx: 0, dy: 0 } : { dx: (to.x - from.x) / far, dy: (to.y - from.y) / far };
}
