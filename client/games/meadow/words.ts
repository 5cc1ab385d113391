/** The meadow in words, for the status line and for who cannot see the canvas. */
import { distance, lasts, meadow, mostCarried, side, stump } from '../../../protocol/games/meadow.ts';
import type { Frame } from '../../world/world-match.ts';

export type Meadow = (typeof meadow)['types'];

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Units. */
const step = 10;
const nearBy = 400;
/** How many things are told of. */
const mostNear = 4;

const winds = ['east', 'south-east', 'south', 'south-west', 'west', 'north-west', 'north', 'north-east'] as const;

/** North is up. */
export function wind(from: Place, to: Place): (typeof winds)[number] {
  const eighths = Math.round((Math.atan2(to.y - from.y, to.x - from.x) * 4) / Math.PI);
  return winds[(eighths + 8) % 8]!;
}

function steps(from: Place, to: Place): string {
  const count = Math.round(distance(from, to) / step);
  return count === 0 ? 'right here' : `${count} ${count === 1 ? 'step' : 'steps'} ${wind(from, to)}`;
}

/** `Basket: 3 of 6. Evening in 1:24.` */
export function statusWords(basket: number, { evening }: { readonly evening: number }, tick: number): string {
  const seconds = Math.max(0, Math.ceil((evening - tick) / meadow.tick));
  return `Basket: ${basket} of ${mostCarried}. Evening in ${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}.`;
}

/** Where one is and what is near, the nearest first. */
export function surroundingsWords(
  { me, players, entities }: Pick<Frame<Meadow>, 'me' | 'players' | 'entities'>,
  own: string | null,
  nameOf: (player: string) => string,
): string {
  if (!me) return 'You are not in the meadow yet.';
  const others = Object.entries(players)
    .filter(([id]) => id !== own)
    .map(([id, at]) => ({ at, name: at.dizzy > 0 ? `${nameOf(id)}, dizzy` : nameOf(id) }));
  const fruits = Object.values(entities.fruit).map((at) => ({ at, name: at.kind }));
  const near = [...others, ...fruits]
    .filter(({ at }) => distance(me, at) < nearBy)
    .toSorted((a, b) => distance(me, a.at) - distance(me, b.at))
    .slice(0, mostNear)
    .map(({ at, name }) => `${name} ${steps(me, at)}`);
  const edge = edgeWords(me);
  return [
    `The stump is ${steps(me, stump)}.`,
    near.length === 0 ? 'Nothing is near.' : `Near you: ${near.join('; ')}.`,
    edge && `The meadow ends to the ${edge}.`,
    me.dizzy > 0 && 'You are dizzy.',
  ]
    .filter(Boolean)
    .join(' ');
}

function edgeWords({ x, y }: Place): string {
  const near = 80;
  return [y < near && 'north', y > side - near && 'south', x < near && 'west', x > side - near && 'east']
    .filter(Boolean)
    .join(' and ');
}

export const refusals = {
  not_ready: `Not yet: after a toss it takes ${lasts.rest / meadow.tick} seconds to find the next cone.`,
  too_far: 'That is too far to toss.',
} as const satisfies Record<keyof Meadow['errors'], string>;

export const broughtWords = (count: number) => `You have brought home ${count}.`;

export function eveningWords(
  { winner, score }: { readonly winner: string | null; readonly score: number },
  own: string | null,
  nameOf: (player: string) => string,
): string {
  if (winner === null) return 'Evening has come, and nobody has brought anything home. A new day begins.';
  const who = winner === own ? 'you have' : `${nameOf(winner)} has`;
  return `Evening has come: ${who} brought home most, ${score}. A new day begins.`;
}
