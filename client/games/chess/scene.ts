/** Draws a chess match; mouse and touch press the same control as the keyboard, by clicking or by dragging pieces. */
import type * as Phaser from 'phaser';
import { inCheck, piecesOf, type Placed, type Square } from '../../../protocol/games/chess.ts';
import type { Table } from '../../ui/game-screen.ts';
import { BoardScene, mostAnimatedMoves, type Picture } from '../board-scene.ts';
import { sides, type Chess, type ChessControl } from './control.ts';
import {
  centre,
  dot,
  drawLabels,
  drawMarks,
  drawSquares,
  ring,
  targetColor,
  targetSizes,
  type Lie,
  type Mark,
} from './marks.ts';
import { pair } from './pairing.ts';
import { squareRows } from './squares.ts';

/** Milliseconds. */
const times = { move: 180, drop: 70, fade: 160, appear: 160 };
/** Of a square; of a piece that is dragged, times its size. */
const sizes = { piece: 0.94, dragStart: 0.12, underMouse: 1.1, underFinger: 1.3 };
const depths = { squares: 0, marks: 1, labels: 2, pieces: 3, moving: 4 };
const kinds = ['king', 'queen', 'rook', 'bishop', 'knight', 'pawn'] as const;
const pictureOf = ({ seat, piece }: Pick<Placed, 'seat' | 'piece'>) => `chess/${sides[seat]}-${piece}`;

interface Drag {
  readonly square: Square;
  readonly pointer: number;
  /** Whether the press that began it also selected the piece: if not, a click lets it go. */
  readonly selects: boolean;
  readonly from: { readonly x: number; readonly y: number };
  /** The square it is over; null until the pointer has really moved. */
  over: Square | 'none' | null;
}

export class ChessScene extends BoardScene<Chess, ChessControl> {
  /** Pixels a square. */
  #square = 0;
  #squares!: Phaser.GameObjects.Layer;
  #marks!: Phaser.GameObjects.Layer;
  #labels!: Phaser.GameObjects.Layer;
  readonly #pieces = new Map<Placed, Picture>();
  #drawnMoves = 0;
  #drawnFrom: 0 | 1 | null = null;
  #drag: Drag | null = null;

  constructor(table: Table<Chess>, control: ChessControl) {
    super(
      table,
      control,
      ([0, 1] as const).flatMap((seat) => kinds.map((piece) => pictureOf({ seat, piece }))),
    );
  }

  override create(): void {
    this.#squares = this.add.layer().setDepth(depths.squares);
    this.#marks = this.add.layer().setDepth(depths.marks);
    this.#labels = this.add.layer().setDepth(depths.labels);
    super.create();
    this.input.on('pointerdown', (pointer: Phaser.Input.Pointer) => this.#pressed(pointer));
    this.input.on('pointermove', (pointer: Phaser.Input.Pointer) => this.#moved(pointer));
    this.input.on('pointerup', (pointer: Phaser.Input.Pointer) => this.#released(pointer));
    this.input.on('pointerupoutside', (pointer: Phaser.Input.Pointer) => this.#released(pointer));
  }

  protected layout(size: number): void {
    this.#square = size / 8;
    const pixels = 2 * Math.round((sizes.piece * this.#square) / 2); // even: centred on a whole pixel, it stays sharp
    for (const seat of [0, 1] as const) for (const piece of kinds) this.drawn(pictureOf({ seat, piece }), pixels);
    const side = 2 * Math.round(this.#square / 2);
    this.round(dot, side, { radius: targetSizes.dot * side, color: targetColor });
    this.round(ring, side, {
      radius: targetSizes.ring * side,
      width: targetSizes.ringWidth * side,
      color: targetColor,
    });
    for (const [placed, picture] of this.#pieces) picture.setTexture(`${pictureOf(placed)} drawn`);
    this.#drawnFrom = null;
  }

  protected draw(): void {
    const { perspective } = this.table;
    const { state } = this.control.view;
    const isJump =
      Math.abs(state.moves.length - this.#drawnMoves) > mostAnimatedMoves || perspective !== this.#drawnFrom;
    if (perspective !== this.#drawnFrom) {
      drawSquares(this.#squares, this.#lie);
      drawLabels(this.#labels, this.#lie);
    }
    this.#drawnMoves = state.moves.length;
    this.#drawnFrom = perspective;
    if (this.#drag && this.control.selected !== this.#drag.square) this.#drag = null;
    this.#drawPieces(piecesOf(state.fen), isJump);
    this.#drawMarks();
  }

  #drawPieces(placed: readonly Placed[], isJump: boolean): void {
    const { kept, gone, fresh } = pair([...this.#pieces.keys()], placed);
    for (const one of gone) {
      const picture = this.#take(one);
      this.become(picture, { alpha: 0 }, isJump ? 0 : times.fade, { done: () => picture.destroy() });
    }
    for (const { before, after } of kept) {
      const picture = this.#take(before);
      this.#pieces.set(after, picture);
      if (before.piece !== after.piece) picture.setTexture(`${pictureOf(after)} drawn`);
      if (this.#drag?.square !== after.square || this.#drag.over === null)
        this.#settle(picture, after.square, isJump ? 0 : times.move);
    }
    for (const one of fresh) {
      const [x, y] = centre(one.square, this.#lie);
      const picture = this.add.image(x, y, `${pictureOf(one)} drawn`).setDepth(depths.pieces);
      this.#pieces.set(one, picture);
      if (!isJump) this.become(picture.setAlpha(0), { alpha: 1 }, times.appear);
    }
  }

  #take(placed: Placed): Picture {
    const picture = this.#pieces.get(placed)!;
    this.#pieces.delete(placed);
    return picture;
  }

  /** Brings a piece to its square, from wherever it is: another square, or under the pointer that let it go. */
  #settle(picture: Picture, square: Square, ms: number): void {
    const [x, y] = centre(square, this.#lie);
    const isThere = picture.x === x && picture.y === y && picture.scale === 1;
    // Its name is where it goes.
    const isOnItsWay = picture.name === square && ms > 0 && this.tweens.isTweening(picture);
    if (isThere || isOnItsWay) return;
    const isNear = Math.hypot(picture.x - x, picture.y - y) < this.#square;
    picture.setName(square).setDepth(depths.moving);
    this.become(picture, { x, y, scale: 1, alpha: 1 }, isNear ? Math.min(ms, times.drop) : ms, {
      done: () => picture.setDepth(depths.pieces),
    });
  }

  #drawMarks(): void {
    const { state } = this.control.view;
    const { selected, targets } = this.control;
    const marks: Mark[] = [];
    if (state.last) marks.push({ kind: 'last', square: state.last.from }, { kind: 'last', square: state.last.to });
    const checked =
      inCheck(state) &&
      piecesOf(state.fen).find(({ piece, seat }) => piece === 'king' && seat === state.moves.length % 2);
    if (checked) marks.push({ kind: 'check', square: checked.square });
    if (selected) marks.push({ kind: 'selected', square: selected });
    for (const { square, captures } of targets) {
      marks.push({ kind: square === this.#drag?.over ? 'selected' : captures ? 'capture' : 'target', square });
    }
    drawMarks(this.#marks, marks, this.#lie);
  }

  protected override grips(pointer: Phaser.Input.Pointer): boolean {
    const square = this.#squareAt(pointer);
    return square !== null && this.#isActive(square);
  }

  #pressed(pointer: Phaser.Input.Pointer): void {
    const square = this.#squareAt(pointer);
    if (!square || pointer.rightButtonDown() || (this.#drag && this.#drag.pointer !== pointer.id)) return;
    this.#drag = null;
    const selects = this.control.canMove(square) && this.control.selected !== square;
    if (selects || !this.control.canMove(square)) this.control.press(square);
    if (this.control.selected !== square) return;
    this.#drag = { square, pointer: pointer.id, selects, from: { x: pointer.x, y: pointer.y }, over: null };
  }

  #moved(pointer: Phaser.Input.Pointer): void {
    const square = this.#squareAt(pointer);
    const drag = this.#drag;
    const isHand = square !== null && this.#isActive(square);
    this.input.setDefaultCursor(drag?.over ? 'grabbing' : isHand ? 'pointer' : 'default');
    if (!drag || drag.pointer !== pointer.id) return;
    if (!drag.over && Math.hypot(pointer.x - drag.from.x, pointer.y - drag.from.y) < sizes.dragStart * this.#square)
      return;
    const picture = this.#pictureOn(drag.square);
    if (!picture) return;
    this.tweens.killTweensOf(picture);
    picture.setPosition(pointer.x, pointer.y).setScale(pointer.wasTouch ? sizes.underFinger : sizes.underMouse);
    picture.setAlpha(1).setDepth(depths.moving);
    const over = square ?? 'none';
    if (over === drag.over) return;
    drag.over = over;
    this.#drawMarks();
  }

  #released(pointer: Phaser.Input.Pointer): void {
    const drag = this.#drag;
    if (!drag || drag.pointer !== pointer.id) return;
    this.#drag = null;
    const square = drag.over === null ? drag.square : this.#squareAt(pointer);
    if (drag.over === null && !drag.selects) this.control.press(drag.square);
    else if (square && this.control.canGo(square)) this.control.press(square);
    this.changed();
  }

  #isActive(square: Square): boolean {
    return this.control.canMove(square) || this.control.canGo(square);
  }

  #pictureOn(square: Square): Picture | undefined {
    for (const [placed, picture] of this.#pieces) if (placed.square === square) return picture;
    return undefined;
  }

  #squareAt({ x, y }: Phaser.Input.Pointer): Square | null {
    return squareRows(this.table.perspective)[Math.floor(y / this.#square)]?.[Math.floor(x / this.#square)] ?? null;
  }

  get #lie(): Lie {
    return { perspective: this.table.perspective, size: this.#square };
  }
}
