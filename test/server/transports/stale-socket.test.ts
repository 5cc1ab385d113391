import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listen } from '../../../server/http.ts';

const place = () => join(mkdtempSync(join(tmpdir(), 'realmkit-')), 'router.sock');

describe('a Unix socket', () => {
  test('that a killed process left behind is taken over', async () => {
    const path = place();
    const code = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', code]);
    expect(existsSync(path)).toBe(true);
    const server = createServer();
    expect(await listen(server, { path })).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });

  test('at which somebody listens is not, nor is a file', async () => {
    const path = place();
    const server = createServer();
    await listen(server, { path });
    await expect(listen(createServer(), { path })).rejects.toThrow(`The socket ${path} cannot be used`);
    await new Promise((resolve) => server.close(resolve));
    writeFileSync(path, 'mine');
    await expect(listen(createServer(), { path })).rejects.toThrow(`The socket ${path} cannot be used`);
    expect(existsSync(path)).toBe(true);
  });
});
