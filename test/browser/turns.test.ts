/** Clocks, offers and who is away, as people see and use them: one at a desk, one with a phone, both by keyboard. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { clickSquare, moveChess } from './boards.ts';
import { stage } from './stage.ts';
import { choose, seatOf, untilOver, untilTurn } from './visitors.ts';

const people = stage();

/** Two people who play chess with 3 minutes and 2 seconds a move; white first. */
async function meet(): Promise<[Page, Page]> {
  const visitors = [await people.arrive(), await people.arrive(people.url, { viewport: { width: 390, height: 844 } })];
  const pages = visitors.map(({ page }) => page);
  for (const page of pages) {
    await page.getByLabel('Time for Chess').selectOption({ label: '3 min + 2 s a move' });
    await choose(page, 'Chess', 'Play now');
    await page.waitForURL(/match=/);
  }
  for (const page of pages) await untilTurn(page, 0);
  const [one, other] = pages as [Page, Page];
  return (await seatOf(one)) === 0 ? [one, other] : [other, one];
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
const clock = (page: Page, side: string) => page.getByRole('timer', { name: `Time of ${side}` });
/** What a screen reader has been told since. */
const told = (page: Page, words: string) => page.locator('#announcer').getByText(words).waitFor({ state: 'attached' });

it('clocks run, moves are taken back, and a draw ends the match', async () => {
  const [white, black] = await meet();
  expect(await clock(black, 'Black').textContent()).toBe('3:00');
  await clock(white, 'White').getByText('2:5').waitFor();
  await moveChess(white, clickSquare, 'e2e4');
  await untilTurn(black, 1);
  await clock(white, 'Black').getByText('2:5').waitFor();

  await press(white, 'Take back');
  await told(black, 'White asks to take a move back.');
  await press(black, 'Accept');
  await untilTurn(white, 0);
  expect(await white.locator('.moves li').count()).toBe(0);

  await press(black, 'Offer a draw');
  await told(white, 'Black offers a draw.');
  await press(white, 'Decline');
  await told(black, 'Your offer no longer stands.');
  await press(black, 'Offer a draw');
  await press(white, 'Accept');
  for (const page of [white, black]) {
    await untilOver(page);
    await page.getByRole('heading', { name: 'Draw by agreement' }).waitFor();
  }
});

it('a move that is not there cannot be taken back, and the page says why', async () => {
  const [white] = await meet();
  await press(white, 'Take back');
  await white.getByRole('status').getByText('There is no move of yours to take back.').waitFor();
});

it('who is away is counted down', async () => {
  const [white, black] = await meet();
  await black.goto('about:blank');
  await white.getByText(/away, 1:5\d to return/).waitFor();
});
