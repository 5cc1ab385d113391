/**
 * The board as a grid of buttons over the canvas, for keyboards and screen readers: one stop of the Tab key, arrows, Home
 * and End (with Ctrl: of the whole board) move about, Enter and Space press. Mice go through to the canvas.
 */
import { element, setAttributes, setText } from './element.ts';
import type { BoardControl, Cell } from './game-screen.ts';

export interface MirrorGrid {
  readonly element: HTMLElement;
  dispose(): void;
}

export function mirrorGrid(control: BoardControl): MirrorGrid {
  const grid = element('div', { class: 'mirror', role: 'grid' });
  let buttons: HTMLButtonElement[][] = [];
  /** The cell that Tab comes to. Null: nobody has been here yet, so the first that does something. */
  let current: string | null = null;

  const draw = () => {
    const { label, rows, top, side = 0 } = control.mirror;
    if (!fits(buttons, rows)) build(rows);
    setAttributes(grid, { 'aria-label': label, style: gridStyle(rows, top, side) });
    const cells = rows.flat();
    const stop = cells.find(({ id }) => id === current) ?? cells.find(({ active }) => active) ?? cells[0];
    const hadFocus = grid.contains(document.activeElement);
    for (const [row, line] of rows.entries()) {
      for (const [column, cell] of line.entries()) {
        const button = buttons[row]![column]!;
        drawCell(button, cell, cell === stop);
        if (cell === stop && hadFocus && document.activeElement !== button) button.focus();
      }
    }
  };
  const build = (rows: Rows) => {
    const hadFocus = grid.contains(document.activeElement);
    buttons = rows.map((line) =>
      line.map(() => element('button', { class: 'mirror-cell', type: 'button', role: 'gridcell' })),
    );
    grid.replaceChildren(...buttons.map((line) => element('div', { class: 'mirror-row', role: 'row' }, ...line)));
    if (hadFocus) buttons[0]?.[0]?.focus();
  };

  grid.addEventListener('focusin', ({ target }) => {
    current = cellOf(target);
    draw();
    control.focus?.(current);
  });
  grid.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && grid.contains(relatedTarget))) control.focus?.(null);
  });
  grid.addEventListener('click', ({ target }) => {
    const cell = cellOf(target);
    if (cell !== null) control.press(cell);
  });
  grid.addEventListener('keydown', (event) => {
    const to = destination(buttons, event);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });

  const off = control.onChange(draw);
  draw();
  return { element: grid, dispose: off };
}

type Rows = BoardControl['mirror']['rows'];

const fits = (buttons: readonly (readonly unknown[])[], rows: Rows): boolean =>
  buttons.length === rows.length && rows.every((line, row) => line.length === buttons[row]!.length);

const gridStyle = (rows: Rows, top: number, side: number): string =>
  `--columns:${rows[0]?.length ?? 1};--rows:${rows.length};--mirror-top:${top * 100}%;--mirror-side:${side * 100}%`;

function drawCell(button: HTMLButtonElement, { id, label, active, selected }: Cell, isStop: boolean): void {
  button.dataset['cell'] = id;
  button.tabIndex = isStop ? 0 : -1;
  setAttributes(button, { 'aria-label': label, 'aria-selected': String(selected), 'aria-disabled': String(!active) });
  setText(button, id);
}

const cellOf = (target: EventTarget | null): string | null =>
  target instanceof HTMLElement ? (target.dataset['cell'] ?? null) : null;

/** Where a key leads from the cell that has the focus; undefined where it leads nowhere. */
function destination(
  buttons: readonly (readonly HTMLButtonElement[])[],
  { key, ctrlKey, target }: KeyboardEvent,
): HTMLButtonElement | undefined {
  const row = buttons.findIndex((line) => line.some((button) => button === target));
  const line = buttons[row];
  if (!line) return undefined;
  const column = line.findIndex((button) => button === target);
  switch (key) {
    case 'ArrowUp':
      return buttons[row - 1]?.[column];
    case 'ArrowDown':
      return buttons[row + 1]?.[column];
    case 'ArrowLeft':
      return line[column - 1];
    case 'ArrowRight':
      return line[column + 1];
    case 'Home':
      return ctrlKey ? buttons[0]?.[0] : line[0];
    case 'End':
      return ctrlKey ? buttons.at(-1)?.at(-1) : line.at(-1);
    default:
      return undefined;
  }
}
