/** A hedgehog on the canvas: it runs, looks where it goes, sees stars when it is dizzy, and has a name. */
import type * as Phaser from 'phaser';

/** Units. */
export const size = { width: 72, height: 60 };
/** Of motion that a picture counts as running, units. */
const least = 0.3;
const starsAcross = 16;

export interface Look {
  /** Textures. */
  readonly body: string;
  readonly shadow: string;
  readonly star: string;
  /** Null for oneself, who has a ring instead. */
  readonly name: string | null;
  readonly ring: string;
  /** Pixels of the canvas a unit, and a CSS pixel. */
  readonly zoom: number;
  readonly ratio: number;
}

export class Hedgehog {
  readonly #all: Phaser.GameObjects.Container;
  readonly #body: Phaser.GameObjects.Image;
  readonly #stars: readonly Phaser.GameObjects.Image[];
  readonly #pips: Phaser.GameObjects.Image | null;
  #last: { readonly x: number; readonly y: number } | null = null;
  /** How long it has been running, in units. */
  #run = 0;

  constructor(scene: Phaser.Scene, look: Look) {
    const image = (texture: string, x: number, y: number) => scene.add.image(x, y, texture).setScale(1 / look.zoom);
    this.#body = image(look.body, 0, 4).setOrigin(0.5, 1);
    this.#stars = Array.from({ length: 3 }, () => image(look.star, 0, 0).setVisible(false));
    this.#pips = look.name === null ? image(look.star, 0, -size.height - 8).setVisible(false) : null;
    const under = look.name === null ? [image(look.ring, 0, 0), image(look.shadow, 0, 0)] : [image(look.shadow, 0, 0)];
    const label = look.name === null ? [] : [nameTag(scene, look.name, look)];
    const over = this.#pips ? [this.#pips] : [];
    this.#all = scene.add.container(0, 0, [...under, this.#body, ...this.#stars, ...label, ...over]);
  }

  get x(): number {
    return this.#all.x;
  }
  get y(): number {
    return this.#all.y;
  }

  /** @param time milliseconds, for what moves on its own; null: nothing should. */
  show(at: { readonly x: number; readonly y: number; readonly dizzy: number }, time: number | null): void {
    const { x, y, dizzy } = at;
    const [dx, dy] = this.#last ? [x - this.#last.x, y - this.#last.y] : [0, 0];
    this.#last = { x, y };
    const moved = Math.hypot(dx, dy);
    this.#run = moved > least ? this.#run + moved : 0;
    this.#all.setPosition(x, y).setDepth(y);
    if (Math.abs(dx) > least) this.#body.setFlipX(dx < 0);
    const isDizzy = dizzy > 0;
    const sway = time === null ? 0 : isDizzy ? 0.16 * Math.sin(time / 90) : 0.07 * Math.sin(this.#run / 9);
    const hop = time === null ? 0 : Math.abs(Math.sin(this.#run / 18)) * 5;
    this.#body.setRotation(sway).setY(4 - hop);
    for (const [index, star] of this.#stars.entries()) {
      const angle = (time ?? 0) / 200 + (index * 2 * Math.PI) / this.#stars.length;
      star
        .setVisible(isDizzy)
        .setPosition(Math.cos(angle) * starsAcross, -size.height - 4 + (Math.sin(angle) * starsAcross) / 3);
    }
  }

  /** What oneself carries. @param texture null: nothing. */
  carry(texture: string | null): void {
    this.#pips?.setVisible(texture !== null);
    if (texture !== null) this.#pips?.setTexture(texture);
  }

  destroy(): void {
    this.#all.destroy();
  }
}

function nameTag(scene: Phaser.Scene, name: string, { zoom, ratio }: Look): Phaser.GameObjects.Text {
  return scene.add
    .text(0, 12, name, {
      fontFamily: 'system-ui, "Noto Sans", "Liberation Sans", sans-serif',
      fontSize: `${Math.round(13 * ratio)}px`,
      fontStyle: 'bold',
      color: '#17211f',
      stroke: '#f4fbea',
      strokeThickness: 4 * ratio,
    })
    .setOrigin(0.5, 0)
    .setScale(1 / zoom);
}
