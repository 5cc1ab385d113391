/** What the scenes of board games share: drawing when something has changed, animations. */
import * as Phaser from 'phaser';
import type { GameTypes, View } from '../../protocol/index.ts';
import { bind } from '../phaser/bind.ts';
import type { BoardControl, Table } from '../ui/game-screen.ts';
import { DrawnScene } from './drawn-scene.ts';

/** What a scene draws, beside what every control is. */
interface DrawnControl<G extends GameTypes> extends BoardControl {
  readonly view: View<G>;
  /** Whether the view shows a move that the authority has not answered. */
  readonly isPending: boolean;
}

/** A move here and its answer may come at once; of more moves than that only the result is shown. */
export const mostAnimatedMoves = 2;

export type Picture = Phaser.GameObjects.Image;

/**
 * Draws a control's view on a square canvas whose units are the screen's own pixels. The canvas element carries
 * `data-shown`: the version of the view that it shows, empty while anything moves or waits for its answer.
 */
export abstract class BoardScene<G extends GameTypes, C extends DrawnControl<G>> extends DrawnScene {
  protected readonly table: Table<G>;
  protected readonly control: C;
  #isChanged = false;

  /** @param pictures SVG files below `public/`, without their ending. */
  protected constructor(table: Table<G>, control: C, pictures: readonly string[]) {
    super(table.match.game.name, pictures);
    this.table = table;
    this.control = control;
  }

  /** The canvas has another size: side of the square in pixels. What is drawn has to be drawn anew, without animation. */
  protected abstract layout(size: number): void;
  /** Something has changed: the view, what is selected, the perspective. */
  protected abstract draw(): void;
  /** Whether a finger that comes down here moves something; elsewhere it scrolls the page, as it does around the board. */
  protected grips(_pointer: Phaser.Input.Pointer): boolean {
    return false;
  }
  /** Called in every frame. */
  protected animate(): void {}

  /** Asks for `draw` in the next frame. */
  protected changed = (): void => {
    this.#isChanged = true;
  };

  create(): void {
    const { changed } = this;
    let laidOut = 0;
    const resized = () => {
      const size = Math.min(this.scale.width, this.scale.height);
      if (size === laidOut) return;
      laidOut = size;
      this.layout(size);
      changed();
    };
    resized();
    bind(this, this.table.match, { view: changed });
    this.scale.on(Phaser.Scale.Events.RESIZE, resized);
    this.#letFingersScroll();
    const off = this.control.onChange(changed);
    const end = () => {
      off();
      this.scale.off(Phaser.Scale.Events.RESIZE, resized);
    };
    this.events.once(Phaser.Scenes.Events.SHUTDOWN, end).once(Phaser.Scenes.Events.DESTROY, end);
  }

  override update(): void {
    if (this.#isChanged) {
      this.#isChanged = false;
      this.draw();
    }
    this.animate();
    const isAtRest = this.tweens.getTweens().length === 0 && !this.control.isPending;
    const shown = isAtRest ? String(this.control.view.version) : '';
    const { dataset } = this.game.canvas;
    if (dataset['shown'] !== shown) dataset['shown'] = shown;
  }

  /** A captured touch does not scroll; one that is captured when it ends does not come once more as a click. */
  #letFingersScroll(): void {
    const { touch } = this.input.manager;
    if (!touch) return;
    const release = () => void (touch.capture = true);
    this.input.on('pointerdown', (pointer: Phaser.Input.Pointer) => (touch.capture = this.grips(pointer)));
    this.input.on('pointerup', release).on('pointerupoutside', release);
  }

  /** Lets a picture become what `change` says, in `ms`; at once for 0 and where nothing should move on its own. */
  protected become(
    picture: Picture,
    change: Change,
    ms: number,
    { ease = 'Cubic.easeOut', done }: { ease?: string; done?: () => void } = {},
  ): void {
    this.tweens.killTweensOf(picture);
    if (ms > 0 && !this.table.still) {
      this.tweens.add({ targets: picture, ...change, duration: ms, ease, ...(done && { onComplete: done }) });
      return;
    }
    Object.assign(picture, change);
    done?.();
  }
}

export interface Change {
  readonly x?: number;
  readonly y?: number;
  readonly alpha?: number;
  readonly scale?: number;
}
