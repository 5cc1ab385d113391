/** Draws the meadow around one's own hedgehog: in every picture what `frame()` says, and what has just happened. */
import * as Phaser from 'phaser';
import { fruits, lasts, mostCarried, reach, side, stump } from '../../../protocol/games/meadow.ts';
import { syncKeyed } from '../../phaser/sync-keyed.ts';
import type { Ground } from '../../ui/world-screen.ts';
import type { Frame } from '../../world/world-match.ts';
import { DrawnScene } from '../drawn-scene.ts';
import { scarfOf, type MeadowControl } from './control.ts';
import { paintGrass, plantPictures, plants } from './grass.ts';
import { Hedgehog, size } from './hedgehog.ts';
import { windowOn } from './window.ts';
import type { Meadow } from './words.ts';

type Player = Frame<Meadow>['players'][string];
type Fruit = Frame<Meadow>['entities']['fruit'][string];

/** Units. */
const sizes = { fruit: 34, stump: 190, cone: 24, shadow: 54, star: 14, pip: 9, grass: 512 };
const depths = { grass: -2, flat: -1, sky: 1e6, above: 1e5 };
/** Milliseconds. */
const times = { toss: 260, puff: 350, rise: 1_100 };
/** The part of a day that is evening, and how dark it becomes. */
const evening = { from: 0.8, alpha: 0.38, color: 0x27305c };

const fruitPicture = (kind: string) => `meadow/${kind}`;

export class MeadowScene extends DrawnScene {
  readonly #ground: Ground<Meadow>;
  readonly #control: MeadowControl;
  readonly #hedgehogs = syncKeyed<Player, Hedgehog>({
    create: (_, id) => new Hedgehog(this, this.#lookOf(id)),
    update: (hedgehog, at) => hedgehog.show(at, this.#ground.still ? null : this.time.now),
  });
  readonly #fruits = syncKeyed<Fruit, Phaser.GameObjects.Image>({
    create: ({ kind }) => this.#image(`${fruitPicture(kind)} drawn`).setOrigin(0.5, 0.85),
    update: (image, { x, y }) => image.setPosition(x, y).setDepth(y - 6),
    remove: (image) => this.#vanish(image),
  });
  #scenery: Phaser.GameObjects.GameObject[] = [];
  #dusk!: Phaser.GameObjects.Rectangle;
  /** Where the picture is, when one has no hedgehog. */
  #middle: { readonly x: number; readonly y: number } = stump;
  #zoom = 0;

  constructor(ground: Ground<Meadow>, control: MeadowControl) {
    const pictures = ['hedgehog', 'scarf', 'cone', 'stump'].map((name) => `meadow/${name}`);
    super(ground.match.game.name, [...pictures, ...fruits.map(fruitPicture), ...plantPictures]);
    this.#ground = ground;
    this.#control = control;
  }

  create(): void {
    const { match } = this.#ground;
    this.#dusk = this.add.rectangle(0, 0, side, side, evening.color).setOrigin(0).setDepth(depths.sky);
    const offs = [
      match.on('tossed', ({ by, x, y }) => this.#toss(by, { x, y })),
      match.on('brought', ({ who, count }) => this.#rise(who, `+${count}`)),
    ];
    const end = () => offs.forEach((off) => off());
    this.events.once(Phaser.Scenes.Events.SHUTDOWN, end).once(Phaser.Scenes.Events.DESTROY, end);
  }

  override update(): void {
    const { match } = this.#ground;
    const frame = match.frame();
    this.#middle = frame.me ?? this.#middle;
    const { width, height } = this.scale;
    const window = windowOn(this.#middle, { width, height, ratio: devicePixelRatio });
    this.#control.window = window;
    if (window.zoom !== this.#zoom) this.#layout(window.zoom);
    this.cameras.main.setZoom(window.zoom).centerOn(window.left + window.width / 2, window.top + window.height / 2);
    this.#fruits.sync(frame.entities.fruit);
    this.#hedgehogs.sync(frame.players);
    if (match.player !== null) this.#hedgehogs.get(match.player)?.carry(this.#pips(this.#control.basket));
    const day = 1 - (frame.shared.evening - match.view.tick) / lasts.day;
    this.#dusk.setAlpha(Math.max(0, (day - evening.from) / (1 - evening.from)) * evening.alpha);
    if (frame.me) this.game.canvas.dataset['shown'] = `${frame.me.x} ${frame.me.y}`;
  }

  /** Draws all textures for a size, so that all is sharp at it. */
  #layout(zoom: number): void {
    this.#zoom = zoom;
    const pixels = (units: number) => Math.max(2, Math.round(units * zoom));
    for (const kind of fruits) this.drawn(fruitPicture(kind), pixels(sizes.fruit));
    this.drawn('meadow/cone', pixels(sizes.cone));
    this.drawn('meadow/stump', pixels(sizes.stump), pixels((sizes.stump * 160) / 192));
    this.#drawMarks(pixels);
    for (const plant of plants()) this.drawn(plant.picture, pixels(plant.width), pixels(plant.height));
    this.#hedgehogs.clear();
    this.#fruits.clear();
    this.#plant();
  }

  #drawMarks(pixels: (units: number) => number): void {
    const ellipse = (key: string, across: number, paint: (context: CanvasRenderingContext2D) => void) => {
      const texture = this.canvasTexture(key, pixels(across), pixels(across / 2));
      const { context } = texture;
      context.beginPath();
      context.ellipse(texture.width / 2, texture.height / 2, texture.width * 0.46, texture.height * 0.44, 0, 0, 7);
      paint(context);
      texture.refresh();
    };
    ellipse('meadow/shadow', sizes.shadow, (context) => {
      context.fillStyle = 'rgb(47 90 54 / 30%)';
      context.fill();
    });
    ellipse('meadow/ring', sizes.shadow * 1.5, (context) => {
      context.fillStyle = 'rgb(255 255 255 / 35%)';
      context.fill();
      context.strokeStyle = '#ffffff';
      context.lineWidth = pixels(2.5);
      context.stroke();
    });
    ellipse('meadow/home', reach.stump * 2, (context) => {
      context.setLineDash([pixels(9), pixels(8)]);
      context.strokeStyle = 'rgb(255 255 255 / 80%)';
      context.lineWidth = pixels(3);
      context.stroke();
    });
    this.round('meadow/puff', pixels(60), { radius: pixels(28), color: 'rgb(255 255 255 / 85%)' });
    this.round('meadow/star', pixels(sizes.star), { radius: pixels(sizes.star / 2 - 2), color: '#f2b632' });
  }

  #plant(): void {
    for (const one of this.#scenery) one.destroy();
    if (!this.textures.exists('meadow/grass')) {
      const grass = this.canvasTexture('meadow/grass', sizes.grass, sizes.grass);
      paintGrass(grass.context, sizes.grass);
      grass.refresh();
    }
    this.#scenery = [
      this.add.image(0, 0, 'meadow/grass').setOrigin(0).setDisplaySize(side, side).setDepth(depths.grass),
      this.#image('meadow/home').setPosition(stump.x, stump.y).setDepth(depths.flat),
      this.#image('meadow/stump drawn').setOrigin(0.5, 0.8).setPosition(stump.x, stump.y).setDepth(stump.y),
      ...plants().map(({ picture, x, y }) =>
        this.#image(`${picture} drawn`).setOrigin(0.5, 0.95).setPosition(x, y).setDepth(y),
      ),
    ];
  }

  #lookOf(id: string) {
    const { match, nameOf } = this.#ground;
    return {
      body: this.#dressed(scarfOf(id)),
      shadow: 'meadow/shadow',
      ring: 'meadow/ring',
      star: 'meadow/star',
      name: id === match.player ? null : nameOf(id),
      zoom: this.#zoom,
      ratio: devicePixelRatio,
    };
  }

  /** A hedgehog with a scarf of a colour. */
  #dressed(color: string): string {
    const key = `meadow/hedgehog ${color}`;
    const [width, height] = [Math.round(size.width * this.#zoom), Math.round(size.height * this.#zoom)];
    if (this.textures.exists(key) && this.textures.get(key).getSourceImage().width === width) return key;
    const scarf = document.createElement('canvas');
    [scarf.width, scarf.height] = [width, height];
    const cloth = scarf.getContext('2d')!;
    cloth.drawImage(this.imageOf('meadow/scarf'), 0, 0, width, height);
    cloth.globalCompositeOperation = 'source-in';
    cloth.fillStyle = color;
    cloth.fillRect(0, 0, width, height);
    const texture = this.canvasTexture(key, width, height);
    texture.context.drawImage(this.imageOf('meadow/hedgehog'), 0, 0, width, height);
    texture.context.drawImage(scarf, 0, 0);
    texture.refresh();
    return key;
  }

  /** What one carries, as so many full dots of all. */
  #pips(count: number): string | null {
    if (count === 0) return null;
    const key = `meadow/pips ${count}`;
    const step = Math.round(sizes.pip * this.#zoom);
    if (this.textures.exists(key) && this.textures.get(key).getSourceImage().height === step) return key;
    const texture = this.canvasTexture(key, step * mostCarried, step);
    const { context } = texture;
    for (let i = 0; i < mostCarried; i++) {
      context.beginPath();
      context.arc((i + 0.5) * step, step / 2, step * 0.36, 0, 2 * Math.PI);
      context.fillStyle = i < count ? '#c8362b' : 'rgb(255 255 255 / 75%)';
      context.fill();
      context.strokeStyle = 'rgb(60 30 20 / 55%)';
      context.lineWidth = step * 0.12;
      context.stroke();
    }
    texture.refresh();
    return key;
  }

  #image(texture: string): Phaser.GameObjects.Image {
    return this.add.image(0, 0, texture).setScale(1 / this.#zoom);
  }

  /** What is gathered shrinks away. */
  #vanish(image: Phaser.GameObjects.Image): void {
    if (this.#ground.still) return image.destroy();
    this.tweens.add({ targets: image, scale: 0, y: image.y - 20, duration: 160, onComplete: () => image.destroy() });
  }

  #toss(by: string, { x, y }: { x: number; y: number }): void {
    const from = this.#hedgehogs.get(by) ?? { x, y };
    const land = () => this.#puff({ x, y });
    if (this.#ground.still) return land();
    const cone = this.#image('meadow/cone drawn')
      .setPosition(from.x, from.y - 24)
      .setDepth(depths.above);
    this.tweens.add({
      targets: cone,
      x,
      y: y - 16,
      angle: 540,
      duration: times.toss,
      onUpdate: ({ progress }) => cone.setScale((1 + Math.sin(progress * Math.PI)) / this.#zoom),
      onComplete: () => {
        cone.destroy();
        land();
      },
    });
  }

  #puff({ x, y }: { x: number; y: number }): void {
    const puff = this.#image('meadow/puff')
      .setPosition(x, y - 16)
      .setDepth(depths.above);
    const [scale, alpha] = [1.4 / this.#zoom, 0];
    puff.setScale(0.4 / this.#zoom);
    this.tweens.add({ targets: puff, scale, alpha, duration: times.puff, onComplete: () => puff.destroy() });
  }

  #rise(who: string, words: string): void {
    const at = this.#hedgehogs.get(who);
    if (!at) return;
    const fontSize = `${Math.round(22 * devicePixelRatio)}px`;
    const text = this.add
      .text(at.x, at.y - size.height, words, { fontSize, fontStyle: 'bold', color: '#2b2000', stroke: '#ffe9a8' })
      .setStroke('#ffe9a8', 5 * devicePixelRatio)
      .setOrigin(0.5, 1)
      .setScale(1 / this.#zoom)
      .setDepth(depths.above);
    const done = { duration: times.rise, onComplete: () => text.destroy() };
    this.tweens.add({ targets: text, alpha: 0, ...(this.#ground.still ? {} : { y: text.y - 50 }), ...done });
  }
}
