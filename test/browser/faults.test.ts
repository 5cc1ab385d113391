/** What people see when things break. */
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickColumn, clickSquare, moveChess } from './boards.ts';
import { choose, launch, seatOf, startServer, untilTurn, visit } from './visitors.ts';

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

describe('a server that is killed', () => {
  it('is found again by the page, which says that its match is gone and offers the lobby', async () => {
    const first = await startServer();
    const { page, context } = await visit(browser, first.url);
    await choose(page, 'Connect Four', 'Play the computer');
    await untilTurn(page, 0);
    await first.kill();
    await page
      .getByRole('alert')
      .getByRole('button', { name: /try now/i })
      .waitFor();

    const second = await startServer({ port: Number(new URL(first.url).port) });
    await page.getByRole('heading', { name: 'This match is gone' }).waitFor();
    await page.getByRole('link', { name: /lobby/i }).last().click();
    await choose(page, 'Connect Four', 'Play the computer');
    await untilTurn(page, 0);
    await context.close();
    expect(await second.stop()).toBe(0);
  });
});

describe('a connection that is cut', () => {
  it('comes back to the same seat of the same match, and the opponent sees who was away', async () => {
    const server = await startServer();
    const [host, guest] = [await visit(browser, server.url), await visit(browser, server.url)];
    for (const { page } of [host, guest]) {
      await choose(page, 'Chess', 'Play now');
      await page.waitForURL(/match=/);
    }
    await untilTurn(host.page, 0);
    const [white, black] = (await seatOf(host.page)) === 0 ? [host, guest] : [guest, host];
    await moveChess(white.page, clickSquare, 'e2e4');
    await untilTurn(black.page, 1);

    const address = white.page.url();
    await white.page.goto('about:blank'); // its socket is gone
    await black.page.locator('.seat[data-place=far][data-connected=false]').waitFor();
    await white.page.goto(address);
    await black.page.locator('.seat[data-place=far][data-connected=true]').waitFor();
    await moveChess(black.page, clickSquare, 'e7e5');
    await untilTurn(white.page, 0);
    expect(await seatOf(white.page)).toBe(0);
    for (const { context } of [white, black]) await context.close();
    await server.stop();
  });
});

describe('a phone', () => {
  it('plays by touch, and fits without scrolling sideways', async () => {
    const server = await startServer();
    const { page, context } = await visit(browser, server.url, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      deviceScaleFactor: 2,
    });
    await choose(page, 'Connect Four', 'Play the computer');
    await untilTurn(page, 0);
    const box = await page.locator('.board-canvas canvas').boundingBox();
    if (!box) throw new Error('there is no canvas');
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    await untilTurn(page, 0);
    await clickColumn(page, 1);
    await untilTurn(page, 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
      0,
    );
    await context.close();
    await server.stop();
  });
});
