/** Whole games between real browsers, as people play them. */
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { clickColumn, clickSquare, moveChess, typeCell, typeControl } from './boards.ts';
import { stage } from './stage.ts';
import { choose, forTests, isOver, seatOf, untilOver, untilTurn, versionOf } from './visitors.ts';

const people = stage();

/** Two people who have met by `Play now`; white, or red, first. */
async function meet(game: string): Promise<[Page, Page]> {
  const pages = [(await people.arrive()).page, (await people.arrive()).page] as const;
  for (const page of pages) {
    await choose(page, game, 'Play now');
    await page.waitForURL(/match=/);
  }
  expect(pages[0].url()).toBe(pages[1].url());
  await untilTurn(pages[0], 0);
  await untilTurn(pages[1], 0);
  return (await seatOf(pages[0])) === 0 ? [pages[0], pages[1]] : [pages[1], pages[0]];
}

/** Paul Morphy against the Duke of Brunswick and Count Isouard, Paris 1858: castling, captures, a queen given for mate. */
const opera =
  'e2e4 e7e5 g1f3 d7d6 d2d4 c8g4 d4e5 g4f3 d1f3 d6e5 f1c4 g8f6 f3b3 d8e7 b1c3 c7c6 c1g5 b7b5 c3b5 c6b5 c4b5 b8d7 e1c1 a8d8 d1d7 d8d7 h1d1 e7e6 b5d7 f6d7 b3b8 d7b8 d1d8';
/** En passant and a promotion on the way to mate. */
const promotion =
  'e2e4 a7a6 e4e5 d7d5 e5d6 g7g6 d6c7 g8f6 c7b8=queen f6g8 d1f3 f7f5 f1c4 h7h6 f3f5 a6a5 f5f7 e8d7 c4b5';

describe('chess between two browsers', () => {
  it('is played to mate by mouse, over a reload, while a third watches by link', async () => {
    const [white, black] = await meet('Chess');
    const { page: watcher } = await people.arrive(white.url());
    await untilTurn(watcher, 0);
    expect(await seatOf(watcher)).toBeNull();

    for (const [ply, move] of opera.split(' ').entries()) {
      const page = ply % 2 === 0 ? white : black;
      await untilTurn(page, ply % 2);
      if (ply === 16) {
        await page.reload();
        await untilTurn(page, 0);
        expect(await seatOf(page)).toBe(0);
      }
      await moveChess(page, clickSquare, move);
    }
    await Promise.all([white, black, watcher].map(untilOver));
    expect(await white.getByRole('region', { name: 'Result' }).textContent()).toMatch(/won.*checkmate/i);
    expect(await black.getByRole('region', { name: 'Result' }).textContent()).toMatch(/lost.*checkmate/i);
    expect(await watcher.getByRole('region', { name: 'Result' }).textContent()).toMatch(/white won.*checkmate/i);
    const moves = await Promise.all(
      [white, black, watcher].map((page) => page.getByRole('list', { name: 'Moves' }).textContent()),
    );
    expect(moves[0]).toContain('O-O-O');
    expect(moves[0]).toContain('Rd8#');
    expect(new Set(moves).size).toBe(1);
  });

  it('is played to mate by keyboard alone, with en passant and a promotion', async () => {
    const [white, black] = await meet('Chess');
    for (const [ply, move] of promotion.split(' ').entries()) {
      const page = ply % 2 === 0 ? white : black;
      await untilTurn(page, ply % 2);
      await moveChess(page, typeCell, move);
    }
    await untilOver(black);
    expect(await black.getByRole('list', { name: 'Moves' }).textContent()).toMatch(/exd6.*cxb8=Q.*Bb5#/s);
  });

  it('makes no move that the rules refuse', async () => {
    const [white, black] = await meet('Chess');
    const before = await versionOf(white);
    await clickSquare(black, 'e7');
    await clickSquare(black, 'e5'); // not black's turn: nothing can be selected
    await clickSquare(white, 'e2');
    await clickSquare(white, 'e5'); // no move of a pawn
    expect(await versionOf(white)).toBe(before);
    await moveChess(white, clickSquare, 'e2e4');
    await untilTurn(black, 1);
  });
});

describe('Connect Four between two browsers', () => {
  it('is played to four in a line by mouse, and again with the seats swapped', async () => {
    const [red, yellow] = await meet('Connect Four');
    for (const [ply, column] of [1, 7, 2, 7, 3, 7, 4].entries()) {
      const page = ply % 2 === 0 ? red : yellow;
      await untilTurn(page, ply % 2);
      await clickColumn(page, column);
    }
    await Promise.all([red, yellow].map(untilOver));
    expect(await red.getByRole('region', { name: 'Result' }).textContent()).toMatch(/you won/i);

    const played = red.url();
    await red.getByRole('button', { name: 'Rematch' }).click();
    await yellow.getByRole('button', { name: /rematch|play again|accept/i }).click();
    await Promise.all([red, yellow].map((page) => page.waitForURL((url) => url.href !== played)));
    await untilTurn(yellow, 0);
    expect(await seatOf(yellow)).toBe(0);
    expect(red.url()).toBe(yellow.url());
  });

  it('says in words why the authority refuses a move, and takes it back', async () => {
    const [red] = await meet('Connect Four');
    const before = await versionOf(red);
    // The page itself only makes legal moves: on its way this one becomes another.
    await red.evaluate(() => {
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (data) {
        send.call(this, typeof data === 'string' ? data.replace('"column":3', '"column":8') : data);
      };
    });
    await clickColumn(red, 4);
    await red.getByText('The board has no column 9.').first().waitFor();
    expect(await red.locator('.status').getAttribute('data-tone')).toBe('error');
    expect(await red.locator('.toast').textContent()).toBe('The board has no column 9.');
    await untilTurn(red, 0);
    expect(await versionOf(red)).toBe(before);
  });

  it('is played to four in a line by keyboard alone, from the lobby on', async () => {
    const pages = [(await people.arrive()).page, (await people.arrive()).page] as const;
    for (const page of pages) {
      await page.getByRole('group', { name: 'Connect Four' }).waitFor();
      await typeControl(page, 'Play now', 'Connect Four');
      await page.waitForURL(/match=/);
    }
    await untilTurn(pages[0], 0);
    const [red, yellow] = (await seatOf(pages[0])) === 0 ? pages : [pages[1], pages[0]];
    for (const [ply, column] of [3, 0, 3, 0, 3, 0, 3].entries()) {
      const page = ply % 2 === 0 ? red : yellow;
      await untilTurn(page, ply % 2);
      await typeCell(page, `${column}:0`);
    }
    await untilOver(yellow);
    await typeControl(yellow, /lobby/i);
    await yellow.getByRole('heading', { level: 1 }).waitFor();
    expect(new URL(yellow.url()).searchParams.get('match')).toBeNull();
  });
});

describe('the computer', () => {
  it('plays Connect Four with a person to the end', async () => {
    const { page } = await people.arrive();
    await choose(page, 'Connect Four', 'Play the computer');
    await untilTurn(page, 0);
    for (let column = 0; !(await isOver(page)); column = (column + 1) % 7) {
      await clickColumn(page, column + 1);
      await untilTurn(page, 0);
    }
    expect(await page.getByRole('region', { name: 'Result' }).count()).toBe(1);
  });

  it('plays Connect Four to the end with a person who has only a keyboard', async () => {
    const { page } = await people.arrive();
    await page.getByRole('group', { name: 'Connect Four' }).waitFor();
    await typeControl(page, 'Play the computer', 'Connect Four');
    await untilTurn(page, 0);
    for (let column = 0; !(await isOver(page)); column = (column + 1) % 7) {
      await typeCell(page, `${column}:0`);
      await untilTurn(page, 0);
    }
    expect(await page.getByRole('region', { name: 'Result' }).count()).toBe(1);
  });

  it('answers a person’s chess move', async () => {
    const { page } = await people.arrive();
    await choose(page, 'Chess', 'Play the computer');
    await untilTurn(page, 0);
    await moveChess(page, clickSquare, 'e2e4');
    await page.getByRole('list', { name: 'Moves' }).getByText('e4').waitFor();
    await untilTurn(page, 0);
    expect((await page.locator('.moves .move').count()) % 2).toBe(0);
  });
});

describe('a link', () => {
  it('invites a friend, who sits down in the free seat', async () => {
    const { page: host } = await people.arrive();
    await choose(host, 'Chess', 'Invite a friend');
    const link = host.getByRole('textbox', { name: 'Invite link' });
    await link.focus();
    const { page: friend } = await people.arrive(forTests(await link.inputValue()));
    await untilTurn(friend, 0);
    expect(await seatOf(friend)).toBe(1);
    await untilTurn(host, 0);
    // The link is gone, and the focus with it: a keyboard goes on at the board.
    expect(await host.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('to a match that is gone says so and offers the lobby', async () => {
    const { page } = await people.arrive(`${people.url}?game=chess&match=nosuchmatch1`);
    await page.getByRole('heading', { name: 'This match is gone' }).waitFor();
    await page.getByRole('link', { name: /lobby/i }).last().click();
    await page.getByRole('group', { name: 'Chess' }).waitFor();
  });
});
