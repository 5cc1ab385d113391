import { describe, expect, it } from 'vitest';
import { directionOfDrag, directionOfKeys, nowhere } from '../../../client/ui/direction.ts';

const slant = Math.SQRT1_2;

describe('keys', () => {
  it.each([
    [[], 0, 0],
    [['ArrowLeft'], -1, 0],
    [['KeyD'], 1, 0],
    [['KeyD', 'ArrowRight'], 1, 0],
    [['KeyW', 'KeyD'], slant, -slant],
    [['ArrowLeft', 'ArrowRight'], 0, 0],
    [['ArrowLeft', 'ArrowRight', 'ArrowDown'], 0, 1],
    [['Space', 'KeyS'], 0, 1],
  ])('%j lead to %d, %d', (held, x, y) => {
    const direction = directionOfKeys(held);
    expect(direction.x).toBeCloseTo(x);
    expect(direction.y).toBeCloseTo(y);
  });
});

describe('a dragged finger', () => {
  it('rests near where it came down, then steers the faster the farther it is, up to full speed', () => {
    expect(directionOfDrag({ x: 4, y: -4 }, 60)).toEqual(nowhere);
    expect(directionOfDrag({ x: 30, y: 0 }, 60)).toEqual({ x: 0.5, y: 0 });
    const far = directionOfDrag({ x: 300, y: -300 }, 60);
    expect(far.x).toBeCloseTo(slant);
    expect(far.y).toBeCloseTo(-slant);
  });
});
