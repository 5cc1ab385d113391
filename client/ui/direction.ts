/** Where to go: each from -1 to 1, together no longer than 1; x to the right, y downwards. */
export interface Direction {
  readonly x: number;
  readonly y: number;
}

export const nowhere: Direction = { x: 0, y: 0 };

/** By `KeyboardEvent.code`, so that WASD is where it is on every keyboard. */
const ofKey: { readonly [code: string]: Direction } = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  KeyA: { x: -1, y: 0 },
  KeyD: { x: 1, y: 0 },
  KeyW: { x: 0, y: -1 },
  KeyS: { x: 0, y: 1 },
};

export const isDirectionKey = (code: string): boolean => Object.hasOwn(ofKey, code);

/** @param held the codes of all keys that are down; opposite ones stand still. */
export function directionOfKeys(held: Iterable<string>): Direction {
  let [x, y] = [0, 0];
  for (const code of new Set(held)) {
    const { x: dx, y: dy } = ofKey[code] ?? nowhere;
    x += dx;
    y += dy;
  }
  return shortened({ x: Math.sign(x), y: Math.sign(y) });
}

/** Of a finger that has been dragged so far, in pixels: a stick. @param reach where it is at full speed. */
export function directionOfDrag({ x, y }: Direction, reach: number): Direction {
  if (Math.hypot(x, y) < slack * reach) return nowhere;
  return shortened({ x: x / reach, y: y / reach });
}

/** A part of the reach in which a finger rests, and does not steer. */
const slack = 0.15;

function shortened({ x, y }: Direction): Direction {
  const length = Math.max(1, Math.hypot(x, y));
  return { x: x / length, y: y / length };
}
