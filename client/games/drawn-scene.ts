/** Pictures as sharp as the screen: SVG files, drawn anew at the size in which they show. */
import * as Phaser from 'phaser';

export abstract class DrawnScene extends Phaser.Scene {
  readonly #pictures: readonly string[];

  /** @param pictures SVG files below `public/`, without their ending. */
  protected constructor(key: string, pictures: readonly string[]) {
    super(key);
    this.#pictures = pictures;
  }

  preload(): void {
    for (const picture of this.#pictures)
      if (!this.textures.exists(picture)) this.load.svg(picture, `./${picture}.svg`);
  }

  /** A picture as a texture of just so many pixels. Call it again at another size, then `setTexture` anew. */
  protected drawn(picture: string, width: number, height = width): string {
    const key = `${picture} drawn`;
    const texture = this.canvasTexture(key, width, height);
    texture.context.drawImage(this.imageOf(picture), 0, 0, width, height);
    texture.refresh();
    return key;
  }

  /** A disc, or for `width` a ring, as a texture `size` pixels a side: smoother than what Graphics draws with WebGL. */
  protected round(key: string, size: number, { radius, width, color }: Round): string {
    const texture = this.canvasTexture(key, size, size);
    const { context } = texture;
    context.beginPath();
    context.arc(size / 2, size / 2, radius, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle = color;
    if (width === undefined) context.fill();
    else {
      context.lineWidth = width;
      context.stroke();
    }
    texture.refresh();
    return key;
  }

  /** An empty texture to draw on. */
  protected canvasTexture(key: string, width: number, height: number): Phaser.Textures.CanvasTexture {
    const known = this.textures.exists(key) ? this.textures.get(key) : this.textures.createCanvas(key, width, height);
    if (!(known instanceof Phaser.Textures.CanvasTexture))
      throw new Error(`there is another texture of the name ${key}`);
    return known.setSize(width, height).clear();
  }

  /** A loaded picture: still a drawing, sharp at every size. */
  protected imageOf(picture: string): HTMLImageElement {
    const image = this.textures.get(picture).getSourceImage();
    if (!(image instanceof HTMLImageElement)) throw new Error(`${picture} is not a picture`);
    return image;
  }
}

/** In pixels; a CSS colour. */
interface Round {
  readonly radius: number;
  readonly width?: number;
  readonly color: string;
}
