/** Takes the pictures of the README: `npx node test/browser/screenshots.ts` after a build. They come to docs/images. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { clickColumn, clickSquare, moveChess } from './boards.ts';
import { choose, launch, seatOf, startServer, untilTurn, visit } from './visitors.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'images');
const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Morphy against two noblemen, Paris 1858, before he gives his rook. */
const chessMoves =
  'e2e4 e7e5 g1f3 d7d6 d2d4 c8g4 d4e5 g4f3 d1f3 d6e5 f1c4 g8f6 f3b3 d8e7 b1c3 c7c6 c1g5 b7b5 c3b5 c6b5 c4b5 b8d7 e1c1 a8d8';
const columns = [4, 4, 4, 3, 3, 5, 5, 4, 2, 1, 5, 5, 3, 6, 6, 2];

mkdirSync(folder, { recursive: true });
const [server, browser] = await Promise.all([startServer(), launch()]);
try {
  const onDesktop = [
    await meet('Chess', { ...desktop, colorScheme: 'light' }, playChess),
    await meet('Connect Four', { ...desktop, colorScheme: 'dark' }, playConnectFour),
  ] as const;
  await take(onDesktop[0], 'chess-desktop');
  await take(onDesktop[1], 'connect-four-desktop');
  await take(await crowd({ ...desktop, colorScheme: 'light' }), 'meadow-desktop');
  const onPhone = [
    await lobby({ ...phone, colorScheme: 'light' }),
    await meet('Chess', { ...phone, colorScheme: 'dark' }, playChess),
    await meet('Connect Four', { ...phone, colorScheme: 'light' }, playConnectFour),
    await crowd({ ...phone, colorScheme: 'light' }),
  ];
  await take(await lobby({ ...desktop, colorScheme: 'light' }), 'lobby-desktop');
  await take(await sideBySide(browser, onPhone), 'phones');
} finally {
  await browser.close();
  await server.stop();
}

async function lobby(options: BrowserContextOptions): Promise<Page> {
  const { page } = await visit(browser, server.url, options);
  await page.locator('.match-row').first().waitFor();
  return page;
}

/** Two people who have played for a while. Answers with the page of the first player, whose turn it is. */
async function meet(
  game: string,
  options: BrowserContextOptions,
  play: (pages: readonly [Page, Page]) => Promise<void>,
): Promise<Page> {
  const pages = [
    (await visit(browser, server.url, options)).page,
    (await visit(browser, server.url, options)).page,
  ] as const;
  for (const page of pages) {
    await choose(page, game, 'Play now');
    await page.waitForURL(/match=/);
  }
  for (const page of pages) await untilTurn(page, 0);
  const [first, second] = (await seatOf(pages[0])) === 0 ? pages : ([pages[1], pages[0]] as const);
  await play([first, second]);
  await untilTurn(first, 0);
  return first;
}

/** Some hedgehogs who have run about for a while; one of them has just been hit by the first, whose page it is. */
async function crowd(options: BrowserContextOptions): Promise<Page> {
  const pages: Page[] = [];
  for (const keys of [['KeyW'], ['KeyD'], ['KeyA'], ['KeyA', 'KeyS']]) {
    const { page } = await visit(browser, server.url, options);
    await choose(page, 'Meadow', 'Enter');
    await page.waitForFunction(() => document.querySelector('canvas')?.dataset['shown'] !== undefined);
    for (const key of keys) await page.keyboard.down(key);
    await page.waitForTimeout(700);
    for (const key of keys) await page.keyboard.up(key);
    pages.push(page);
  }
  const [first] = pages as [Page];
  await first.keyboard.press('Space');
  await first.waitForFunction(() =>
    Object.values(window.realmkit!.world!.view.players).some((player) => (player as { dizzy: number }).dizzy > 0),
  );
  await first.waitForTimeout(600);
  return first;
}

async function playChess(pages: readonly [Page, Page]): Promise<void> {
  for (const [turn, move] of chessMoves.split(' ').entries()) {
    const mover = pages[turn % 2]!;
    await untilTurn(mover, turn % 2);
    await moveChess(mover, clickSquare, move);
  }
}

async function playConnectFour(pages: readonly [Page, Page]): Promise<void> {
  for (const [turn, column] of columns.entries()) {
    const mover = pages[turn % 2]!;
    await untilTurn(mover, turn % 2);
    await clickColumn(mover, column);
  }
}

/** What the pages show, as three phones on a table. */
async function sideBySide(by: Browser, pages: readonly Page[]): Promise<Page> {
  const { width, height } = phone.viewport!;
  const screens: string[] = [];
  for (const page of pages) screens.push((await page.screenshot()).toString('base64'));
  const gap = 24;
  const table = await by.newPage({
    viewport: { width: pages.length * (width + gap) + gap, height: height + 2 * gap },
  });
  await table.setContent(`
    <style>
      body { margin: 0; padding: ${gap}px; display: flex; gap: ${gap}px; background: #dfe6e4; }
      img { width: ${width}px; height: ${height}px; border-radius: 28px; box-shadow: 0 4px 18px rgb(0 0 0 / 28%); }
    </style>
    ${screens.map((screen) => `<img src="data:image/png;base64,${screen}" alt="">`).join('')}`);
  await table.waitForFunction(() => [...document.images].every((image) => image.complete));
  return table;
}

/** Without the mouse over the board. */
async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(1, 1);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
