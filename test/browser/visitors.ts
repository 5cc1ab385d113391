/** A game server as its users start it, and people who visit it with real browsers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestHandle } from '../../client/ui/test-handle.ts';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright';

declare global {
  interface Window {
    realmkit?: TestHandle;
  }
}

const top = join(import.meta.dirname, '..', '..');

/** What Chromium needs where it runs as root and without a network. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', headless: true, args: flags });

export interface Server {
  readonly url: string;
  /** By SIGTERM. Answers with the exit code. */
  stop(): Promise<number | null>;
  /** By SIGKILL: as if the machine had lost power. */
  kill(): Promise<void>;
}

/** `npm start -- --port N`, once it has printed its URL. */
export async function startServer({ port = 0, env = {} } = {}): Promise<Server> {
  const args = ['--require', './server/node-version.cjs', 'server/cli.ts', 'start', '--memory', '--port', String(port)];
  const child = spawn(process.execPath, args, {
    cwd: top,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const url = await firstLine(child);
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return { url, stop: () => end('SIGTERM'), kill: async () => void (await end('SIGKILL')) };
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface(child.stdout!)) return line;
  throw new Error(`the server ended with ${child.exitCode} before it printed its URL`);
}

/** One person: a browser profile of their own. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page has complained of: errors on the console, uncaught exceptions. */
  readonly complaints: readonly string[];
}

/** Opens a page with the test handle on: see client/ui/settings.ts. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(forTests(url));
  return { page, context, complaints };
}

/** An address with the settings that tests need: the handle, and a canvas without WebGL, which needs no graphics driver. */
export function forTests(url: string): string {
  const address = new URL(url);
  address.searchParams.set('test', '1');
  address.searchParams.set('renderer', 'canvas');
  return address.href;
}

/** Waits until the page shows a match at rest in which `seat` is to act, or which is over. */
export async function untilTurn(page: Page, seat: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const canvas = document.querySelector('canvas');
    const handle = window.realmkit;
    if (!handle || handle.version === null || canvas?.dataset['shown'] !== String(handle.version)) return false;
    return handle.over || handle.toAct.includes(wanted);
  }, seat);
}

/** Waits until the page shows, at rest, how its match ended. */
export async function untilOver(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const handle = window.realmkit;
    return handle?.over === true && document.querySelector('canvas')?.dataset['shown'] === String(handle.version);
  });
}

export const versionOf = (page: Page): Promise<number> => page.evaluate(() => window.realmkit?.version ?? 0);
export const seatOf = (page: Page): Promise<number | null> => page.evaluate(() => window.realmkit?.seat ?? null);
export const isOver = (page: Page): Promise<boolean> => page.evaluate(() => window.realmkit?.over ?? false);

/** Clicks a lobby button of a game: `Play now`, `Play the computer`, `Invite a friend`. */
export const choose = (page: Page, game: string, what: string): Promise<void> =>
  page.getByRole('group', { name: game }).getByRole('button', { name: what }).click();
