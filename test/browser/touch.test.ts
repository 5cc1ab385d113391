/** Boards under a finger: it plays, and where it plays nothing it scrolls the page. */
import type { Browser, CDPSession, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choose, launch, startServer, untilTurn, visit, type Server } from './visitors.ts';

let server: Server;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A match against the computer on a phone, with more below it than fits on the screen. */
async function onPhone(game: string) {
  const { page, context } = await visit(browser, server.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await choose(page, game, 'Play the computer');
  await untilTurn(page, 0);
  await page.addStyleTag({ content: 'main { padding-bottom: 100vh }' });
  const box = (await page.locator('.board-canvas canvas').boundingBox())!;
  const place = (x: number, y: number): Place => ({ x: box.x + x * box.width, y: box.y + y * box.height });
  return { page, context, place, touch: await context.newCDPSession(page) };
}

/** Down, along a line, up; as a finger does it, not all at once. */
async function swipe(touch: CDPSession, from: Place, to: Place): Promise<void> {
  const steps = 10;
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Place[]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints });
  await send('touchStart', [from]);
  for (let step = 1; step <= steps; step++) {
    const along = (a: number, b: number) => a + ((b - a) * step) / steps;
    await send('touchMove', [{ x: along(from.x, to.x), y: along(from.y, to.y) }]);
  }
  await send('touchEnd', []);
}

/** The page has scrolled, and rests again: a tap on one that still runs on only stops it. */
async function scrolled(page: Page, swiping: () => Promise<void>): Promise<void> {
  const rest = () => new Promise<void>((resolve) => addEventListener('scrollend', () => resolve(), { once: true }));
  await Promise.all([page.evaluate(rest), swiping()]);
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
}

describe('a finger on the board', () => {
  it('scrolls the page from an empty square of chess, and drags a piece of its own', async () => {
    const { page, context, place, touch } = await onPhone('Chess');
    await swipe(touch, place(6.5 / 8, 6.5 / 8), place(6.5 / 8, 4.5 / 8)); // g2 to g4
    await page.getByRole('gridcell', { name: 'g4, white pawn' }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await scrolled(page, () => swipe(touch, place(0.5 / 8, 4.5 / 8), place(0.5 / 8, 1.5 / 8)));
    await context.close();
  });

  it('scrolls the page along a column of Connect Four without dropping, and drops one disc with a tap', async () => {
    const { page, context, place, touch } = await onPhone('Connect Four');
    const red = page.getByRole('gridcell', { name: /red disc/ });
    await scrolled(page, () => swipe(touch, place(0.5, 0.8), place(0.5, 0.3)));
    expect(await red.count()).toBe(0);
    await page.evaluate(() => scrollTo(0, 0));
    const { x, y } = place(0.5, 0.5);
    await page.touchscreen.tap(x, y);
    await page.getByRole('gridcell', { name: /yellow disc/ }).waitFor();
    expect(await red.count()).toBe(1);
    await context.close();
  });
});
