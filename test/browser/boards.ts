/** Boards as people use them: by mouse on the canvas, by keyboard on the mirror. */
import type { Page } from 'playwright';
import { seatOf } from './visitors.ts';

type Press = (page: Page, cell: string) => Promise<void>;

/** Clicks where a square of chess is drawn for the seat that the page has. */
export const clickSquare: Press = async (page, square) => {
  const file = square.charCodeAt(0) - 'a'.charCodeAt(0);
  const rank = Number(square[1]) - 1;
  const black = (await seatOf(page)) === 1;
  await clickCanvas(page, (black ? 7 - file : file) + 0.5, (black ? rank : 7 - rank) + 0.5, 8);
};

/** Clicks into a column of Connect Four, counted from 1. */
export const clickColumn = (page: Page, column: number): Promise<void> => clickCanvas(page, column - 0.5, 3.5, 7);

async function clickCanvas(page: Page, x: number, y: number, cells: number): Promise<void> {
  const box = await page.locator('.board-canvas canvas').boundingBox();
  if (!box) throw new Error('there is no canvas');
  await page.mouse.click(box.x + (x / cells) * box.width, box.y + (y / cells) * box.height);
}

/** Goes to a cell of the mirror with Tab and arrows, as far as needed, and presses it. */
export const typeCell: Press = async (page, cell) => {
  for (let tabs = 0; !(await focusedCell(page)); tabs++) {
    if (tabs > 60) throw new Error('Tab does not lead to the board');
    await page.keyboard.press('Tab');
  }
  for (let steps = 0; ; steps++) {
    const key = await page.evaluate((wanted) => {
      const rows = [...document.querySelectorAll('.mirror-row')].map((row) => [...row.querySelectorAll('button')]);
      const place = (is: (button: HTMLButtonElement) => boolean) => {
        const row = rows.findIndex((line) => line.some(is));
        return { row, column: rows[row]?.findIndex(is) ?? -1 };
      };
      const from = place((button) => button === document.activeElement);
      const to = place((button) => button.dataset['cell'] === wanted);
      if (to.row < 0) throw new Error(`there is no cell ${wanted}`);
      if (from.row !== to.row) return from.row < to.row ? 'ArrowDown' : 'ArrowUp';
      if (from.column !== to.column) return from.column < to.column ? 'ArrowRight' : 'ArrowLeft';
      return null;
    }, cell);
    if (!key) break;
    if (steps > 30) throw new Error(`the arrows do not lead to ${cell}`);
    await page.keyboard.press(key);
  }
  await page.keyboard.press('Enter');
};

const focusedCell = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement?.classList.contains('mirror-cell') ?? false);

/** Goes to a control with Tab, in a group where one is named, and presses it with Enter. */
export async function typeControl(page: Page, name: string | RegExp, group?: string): Promise<void> {
  for (let tabs = 0; tabs < 80; tabs++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const control = document.activeElement;
      const labelled = control?.closest('[role=group]')?.getAttribute('aria-labelledby');
      return {
        name: (control?.getAttribute('aria-label') ?? control?.textContent ?? '').trim(),
        group: labelled ? document.getElementById(labelled)?.textContent : undefined,
      };
    });
    const isWanted = typeof name === 'string' ? focused.name === name : name.test(focused.name);
    if (!isWanted || (group !== undefined && focused.group !== group)) continue;
    await page.keyboard.press('Enter');
    return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** A move of chess, as `e2e4` or `g7g8=queen`. */
export async function moveChess(page: Page, press: Press, move: string): Promise<void> {
  const [path, promotion] = move.split('=');
  await press(page, path!.slice(0, 2));
  await press(page, path!.slice(2, 4));
  if (promotion === undefined) return;
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  if (press === typeCell) await typeControl(page, new RegExp(`^${promotion}$`, 'i'));
  else await dialog.getByRole('button', { name: promotion }).click();
}
