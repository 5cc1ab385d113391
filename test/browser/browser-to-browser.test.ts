/** A browser calls a procedure that another browser has registered, through the bare router. */
import { chromium, type Browser, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBareRouter, type BareRouter } from '../interop/bare-router.ts';

let router: BareRouter;
let browser: Browser;

beforeAll(async () => {
  const scripts = await bundle(new URL('two-pages/page.ts', import.meta.url).pathname);
  router = await startBareRouter(({ url = '' }, response) => {
    const script = scripts.get(url);
    if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end(html);
  });
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: flags });
});
afterAll(async () => {
  await browser?.close();
  await router?.stop();
});

const html =
  '<!doctype html><title>WAMP in a page</title><output role="status"></output><script type="module" src="/page.js"></script>';
const patience = { timeout: 20_000 };
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

describe.each(['json', 'msgpack'])('two browsers on %s', (serializer) => {
  test('one registers a procedure, the other calls it and shows the answer', async () => {
    const callee = await open(`#callee-${serializer}`);
    await expect.poll(() => shown(callee), patience).toBe('registered');
    const caller = await open(`#caller-${serializer}`);
    await expect.poll(() => shown(caller), patience).toBe('[[3,5,0],"roulades"]');
    expect(await shown(callee)).toBe('answered one call');
    await callee.context().close();
    await caller.context().close();
  });
});

/** In a context of its own: another browser, as far as pages can tell. */
async function open(hash: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(router.pageUrl + hash);
  return page;
}

const shown = (page: Page): Promise<string | null> => page.getByRole('status').textContent();

/** Scripts by their paths: `/page.js`, and what it loads. */
async function bundle(entry: string): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, target: 'es2023', lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (!result || !('output' in result)) throw new Error('the page was not built');
  return new Map(result.output.flatMap((part) => (part.type === 'chunk' ? [[`/${part.fileName}`, part.code]] : [])));
}
