/** Draws a Connect Four match: discs fall behind the board; the next one hovers above the column that is pointed at. */
import type * as Phaser from 'phaser';
import { winningLine, type Cell } from '../../../protocol/games/connect-four.ts';
import type { Table } from '../../ui/game-screen.ts';
import { BoardScene, mostAnimatedMoves, type Picture } from '../board-scene.ts';
import { boardRows, cellId, cellsAcross, discs, type ConnectFour, type ConnectFourControl } from './control.ts';

/** Milliseconds. */
const times = { fall: 260, fallPerRow: 70, hover: 90, fade: 160 };
/** Of a cell. */
const sizes = { disc: 0.88, corner: 0.12 };
/** What marks the last disc, and discs in the winning line, one over the other: radius and width of a cell. */
const rings = {
  last: [{ key: 'connect_four/last', radius: 0.43, width: 0.035, color: '#ffffff' }],
  winning: [
    { key: 'connect_four/winning edge', radius: 0.43, width: 0.13, color: '#2b2000' },
    { key: 'connect_four/winning', radius: 0.43, width: 0.08, color: '#f2b632' },
  ],
};
const depths = { disc: 0, board: 1, marks: 2 };
const restingAlpha = 0.55;
const dimmedAlpha = 0.4;

const cellPicture = 'connect_four/board-cell';
const discPicture = (seat: number) => `connect_four/${discs[seat]}-disc`;

interface Disc {
  readonly seat: number;
  readonly picture: Picture;
}

export class ConnectFourScene extends BoardScene<ConnectFour, ConnectFourControl> {
  /** Pixels a cell. */
  #cell = 0;
  /** Pixels from the canvas's left edge to the board's, and from its top to the board's. */
  #left = 0;
  #top = 0;
  #board!: Picture;
  #marks!: Phaser.GameObjects.Layer;
  #next!: Picture;
  /** The column that the next disc hovers over. */
  #hovering = 0;
  /** Where the page was when the finger came down: a board that scrolls along stays under it. */
  #scrolledTo = 0;
  readonly #discs = new Map<string, Disc>();
  #isFresh = true;

  constructor(table: Table<ConnectFour>, control: ConnectFourControl) {
    super(table, control, [cellPicture, ...discs.map((_, seat) => discPicture(seat))]);
  }

  override create(): void {
    this.#hovering = Math.floor((this.#columns - 1) / 2);
    this.#board = this.add.image(0, 0, cellPicture).setOrigin(0).setDepth(depths.board);
    this.#marks = this.add.layer().setDepth(depths.marks);
    this.#next = this.add.image(0, 0, discPicture(0)).setDepth(depths.disc).setVisible(false);
    super.create();
    this.input.on('pointerdown', (pointer: Phaser.Input.Pointer) => {
      this.#scrolledTo = scrollY;
      this.#pointed(pointer);
    });
    this.input.on('pointermove', (pointer: Phaser.Input.Pointer) => this.#pointed(pointer));
    this.input.on('pointerup', (pointer: Phaser.Input.Pointer) => this.#pressed(pointer));
    this.input.on('gameout', () => (this.control.pointed = null));
  }

  protected layout(size: number): void {
    this.#cell = size / cellsAcross(this.#columns);
    this.#left = (size - this.#columns * this.#cell) / 2;
    this.#top = size - boardRows * this.#cell;
    const pixels = 2 * Math.round((sizes.disc * this.#cell) / 2); // even: centred on a whole pixel, it stays sharp
    for (const seat of discs.keys()) this.drawn(discPicture(seat), pixels);
    const side = 2 * Math.round(this.#cell / 2);
    for (const { key, radius, width, color } of [...rings.last, ...rings.winning]) {
      this.round(key, side, { radius: radius * side, width: width * side, color });
    }
    this.#board.setPosition(Math.round(this.#left), Math.round(this.#top)).setTexture(this.#drawnBoard());
    for (const { seat, picture } of this.#discs.values()) picture.setTexture(`${discPicture(seat)} drawn`);
    this.#next.setTexture(`${discPicture(this.table.match.seat ?? 0)} drawn`);
    this.#isFresh = true;
  }

  protected draw(): void {
    this.#drawDiscs();
    this.#drawMarks();
  }

  /** The next disc follows mouse and focus. */
  protected override animate(): void {
    const { open, pointed } = this.control;
    const isOver = pointed !== null && open.has(pointed);
    this.#next.setVisible(open.size > 0 && (pointed === null || isOver));
    if (!this.#next.visible) return;
    if (isOver) this.#hovering = pointed;
    const { x, y } = this.#centre(this.#hovering, boardRows);
    this.#next.setAlpha(isOver ? 1 : restingAlpha).y = y;
    if (this.#next.x !== x && !this.tweens.isTweening(this.#next)) this.become(this.#next, { x }, times.hover);
  }

  get #columns(): number {
    return this.control.view.state.board.length;
  }

  #drawDiscs(): void {
    const { board } = this.control.view.state;
    const wanted = new Map(
      board.flatMap((stack, column) => stack.map((seat, row) => [cellId(column, row), { seat, column, row }] as const)),
    );
    const fresh = [...wanted].filter(([id]) => !this.#discs.has(id));
    const isJump = this.#isFresh || fresh.length > mostAnimatedMoves;
    for (const [id, { seat, picture }] of this.#discs) {
      const place = wanted.get(id);
      if (place?.seat === seat) {
        if (isJump) this.become(picture, this.#centre(place.column, place.row), 0);
        continue;
      }
      this.#discs.delete(id);
      this.become(picture, { alpha: 0 }, isJump ? 0 : times.fade, { done: () => picture.destroy() });
    }
    for (const [id, { seat, column, row }] of wanted)
      if (!this.#discs.has(id)) this.#addDisc(id, seat, { column, row }, isJump);
    this.#isFresh = false;
  }

  #addDisc(id: string, seat: number, { column, row }: Cell, isJump: boolean): void {
    const { x, y } = this.#centre(column, row);
    const above = this.#centre(column, boardRows).y;
    const picture = this.add.image(x, isJump ? y : above, `${discPicture(seat)} drawn`).setDepth(depths.disc);
    this.#discs.set(id, { seat, picture });
    if (isJump) return;
    const ms = times.fall + times.fallPerRow * (boardRows - row);
    this.become(picture, { y }, ms, { ease: 'Bounce.easeOut', done: () => this.changed() });
  }

  /** The last disc, or the line that has won: once it lies there. */
  #drawMarks(): void {
    this.#marks.removeAll(true);
    const { board, last } = this.control.view.state;
    if (last === null) return;
    const top = { column: last, row: board[last]!.length - 1 };
    const picture = this.#discs.get(cellId(top.column, top.row))?.picture;
    if (!picture || this.tweens.isTweening(picture)) return;
    const line = winningLine(board, last);
    for (const cell of line ?? [top]) {
      const { x, y } = this.#centre(cell.column, cell.row);
      for (const { key } of line ? rings.winning : rings.last) this.#marks.add(this.add.image(x, y, key));
    }
    const inLine = new Set(line?.map(({ column, row }) => cellId(column, row)));
    for (const [id, disc] of this.#discs) this.#dim(disc.picture, line !== null && !inLine.has(id));
  }

  /** Lets the discs beside a winning line step back. */
  #dim(picture: Picture, isDimmed: boolean): void {
    const alpha = isDimmed ? dimmedAlpha : 1;
    if (picture.alpha !== alpha && !this.tweens.isTweening(picture)) this.become(picture, { alpha }, times.fade);
  }

  #pointed(pointer: Phaser.Input.Pointer): void {
    const column = this.#columnAt(pointer);
    this.control.pointed = column;
    this.input.setDefaultCursor(column !== null && this.control.open.has(column) ? 'pointer' : 'default');
  }

  /** A finger may choose its column before it lets go; who swipes up or down wants something else. */
  #pressed(pointer: Phaser.Input.Pointer): void {
    const column = this.#columnAt(pointer);
    const isStill = Math.abs(pointer.y - pointer.downY) < this.#cell && scrollY === this.#scrolledTo;
    const isPress = isStill && !pointer.wasCanceled && pointer.downElement === this.game.canvas;
    if (column !== null && isPress) this.control.press(cellId(column, 0));
    if (pointer.wasTouch) this.control.pointed = null;
  }

  #columnAt({ x }: Phaser.Input.Pointer): number | null {
    const column = Math.floor((x - this.#left) / this.#cell);
    return column >= 0 && column < this.#columns ? column : null;
  }

  /** @param row from the bottom; the row above the board is where the next disc hovers. */
  #centre(column: number, row: number): { readonly x: number; readonly y: number } {
    return {
      x: Math.round(this.#left + (column + 0.5) * this.#cell),
      y: Math.round(this.#top + (boardRows - row - 0.5) * this.#cell),
    };
  }

  /** The board as one picture: cells with holes that end on whole pixels, so that no seam shows, and round corners. */
  #drawnBoard(): string {
    const key = 'connect_four/board drawn';
    const [width, height] = [Math.round(this.#columns * this.#cell), Math.round(boardRows * this.#cell)];
    const texture = this.canvasTexture(key, width, height);
    const { context } = texture;
    const image = this.imageOf(cellPicture);
    context.save();
    context.beginPath();
    context.roundRect(0, 0, width, height, sizes.corner * this.#cell);
    context.clip();
    for (let column = 0; column < this.#columns; column += 1) {
      for (let row = 0; row < boardRows; row += 1) {
        const [left, top] = [Math.round(column * this.#cell), Math.round(row * this.#cell)];
        const [right, bottom] = [Math.round((column + 1) * this.#cell), Math.round((row + 1) * this.#cell)];
        context.drawImage(image, left, top, right - left, bottom - top);
      }
    }
    context.restore();
    texture.refresh();
    return key;
  }
}
