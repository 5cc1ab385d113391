import type { Browser, BrowserContextOptions } from 'playwright';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launch, startServer, visit, type Server, type Visitor } from './visitors.ts';

export interface Stage {
  /** Of the server. */
  readonly url: string;
  arrive(url?: string, options?: BrowserContextOptions): Promise<Visitor>;
}

/** One server and one browser for all tests of a file. After each test its visitors go, and none may have complained. */
export function stage(): Stage {
  let server: Server;
  let browser: Browser;
  const visitors: Visitor[] = [];
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launch()]);
  });
  afterEach(async () => {
    for (const { context, complaints } of visitors.splice(0)) {
      await context.close();
      expect(complaints).toEqual([]);
    }
  });
  afterAll(async () => {
    await browser.close();
    expect(await server.stop()).toBe(0);
  });
  return {
    get url() {
      return server.url;
    },
    async arrive(url = server.url, options = {}) {
      const visitor = await visit(browser, url, options);
      visitors.push(visitor);
      return visitor;
    },
  };
}
