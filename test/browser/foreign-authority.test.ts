/** Two browsers play a game whose authority is a Python component, as test/examples/bulls-and-cows/README.md starts it all. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { python, pythonMissing } from '../interop/clients/index.ts';
import { launch, startServer, visit, type Server } from './visitors.ts';

const example = join(import.meta.dirname, '..', 'examples', 'bulls-and-cows');
const ticket = 'a_ticket_of_at_least_thirty-two_characters';
const patience = { timeout: 60_000 }; // vite transforms each module when a page first asks for it

describe.skipIf(pythonMissing !== undefined)(`a game of a Python authority ${pythonMissing ?? ''}`, () => {
  let server: Server;
  let authority: ChildProcess;
  let vite: ViteDevServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startServer({ env: { REALMKIT_AUTHORITIES: `bulls_and_cows=${ticket}` } });
    const router = new URL('ws', server.url.replace('http', 'ws')).href;
    authority = spawn(python, [join(example, 'authority.py'), router, 'bulls_and_cows'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, REALMKIT_TICKET: ticket },
    });
    await once(authority.stdout!, 'data'); // it says that it is hosting
    process.env['GAME_SERVER'] = server.url;
    vite = await createServer({ configFile: join(example, 'vite.config.ts'), logLevel: 'silent', server: { port: 0 } });
    await vite.listen();
    browser = await launch();
  });
  afterAll(async () => {
    delete process.env['GAME_SERVER'];
    await browser?.close();
    await vite?.close();
    authority?.kill();
    expect(await server.stop()).toBe(0);
  });

  test('is played to its end', async () => {
    const { port } = vite.httpServer!.address() as AddressInfo;
    const [ada, bob] = [
      await visit(browser, `http://localhost:${port}/`),
      await visit(browser, `http://localhost:${port}/`),
    ];
    for (const { page } of [ada, bob]) await says(page, 'Choose your number.');
    // Who came first sits in seat 0, and guesses first.
    await enter(ada.page, '120');
    await says(ada.page, 'Your opponent is thinking.');
    await enter(bob.page, '455');
    await expect.poll(() => bob.page.getByRole('alert').textContent(), patience).toBe('There are two 5.');
    await enter(bob.page, '456');
    await says(ada.page, 'Guess your opponent’s number.');
    await enter(ada.page, '465');
    await says(bob.page, 'Guess your opponent’s number.');
    expect(await bob.page.locator('#theirs').textContent()).toBe('465: 1 bulls, 2 cows');
    await enter(bob.page, '789');
    await says(ada.page, 'Guess your opponent’s number.');
    await enter(ada.page, '456');
    await says(ada.page, 'You have won.');
    await says(bob.page, 'You have not won.');
    expect(await ada.page.locator('#theirs').textContent()).toBe('789: 0 bulls, 0 cows');
    for (const { context, complaints } of [ada, bob]) {
      await context.close();
      expect(complaints).toEqual([]);
    }
  });
});

const says = (page: Page, sentence: string) =>
  expect.poll(() => page.getByRole('status').textContent(), patience).toBe(sentence);

async function enter(page: Page, digits: string): Promise<void> {
  await page.getByRole('textbox').fill(digits);
  await page.getByRole('button').click();
}
