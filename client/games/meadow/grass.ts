/** What lies and stands about in the meadow and is no part of the game: the same for everybody. */
import { SeededRandom, seeded } from '../../../protocol/index.ts';
import { distance, side, stump } from '../../../protocol/games/meadow.ts';

/** Something that grows at a place: a picture, and how large it is, in units. */
export interface Plant {
  readonly picture: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const kinds = [
  { picture: 'meadow/tuft', count: 150, width: 36, height: 30 },
  { picture: 'meadow/flower', count: 60, width: 22, height: 28 },
  { picture: 'meadow/bell', count: 45, width: 22, height: 28 },
  { picture: 'meadow/pebble', count: 26, width: 32, height: 22 },
] as const;
/** Units around the stump that are trodden down. */
const bare = 150;

export const plantPictures = kinds.map(({ picture }) => picture);

export function plants(): readonly Plant[] {
  const random = new SeededRandom(seeded(7));
  return kinds
    .flatMap(({ picture, count, width, height }) =>
      Array.from({ length: count }, () => ({ picture, x: random.int(0, side), y: random.int(0, side), width, height })),
    )
    .filter((plant) => distance(plant, stump) > bare);
}

/** Light and shade on the grass, softly: the picture may be much smaller than the meadow. */
export function paintGrass(context: CanvasRenderingContext2D, pixels: number): void {
  const random = new SeededRandom(seeded(11));
  const scale = pixels / side;
  context.fillStyle = '#a8d080';
  context.fillRect(0, 0, pixels, pixels);
  for (let i = 0; i < 110; i++) {
    const [x, y, radius] = [random.int(0, side), random.int(0, side), random.int(60, 190)];
    paintPatch(context, [x * scale, y * scale, radius * scale], i % 2 === 0 ? '183, 219, 145' : '151, 195, 112');
  }
  paintPatch(context, [stump.x * scale, (stump.y + 10) * scale, bare * scale], '214, 196, 144');
  context.strokeStyle = 'rgb(88 140 74 / 45%)';
  context.lineWidth = 36 * scale;
  context.strokeRect(0, 0, pixels, pixels);
}

function paintPatch(context: CanvasRenderingContext2D, [x, y, radius]: [number, number, number], rgb: string): void {
  const shade = context.createRadialGradient(x, y, 0, x, y, radius);
  shade.addColorStop(0, `rgba(${rgb}, 0.85)`);
  shade.addColorStop(0.6, `rgba(${rgb}, 0.5)`);
  shade.addColorStop(1, `rgba(${rgb}, 0)`);
  context.fillStyle = shade;
  context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}
