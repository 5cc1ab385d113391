import { defineConfig } from 'vitest/config';

const layer = (name: string) => new URL(`./${name}/index.ts`, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: {
      'realmkit/protocol': layer('protocol'),
      'realmkit/server': layer('server'),
      'realmkit/client': layer('client'),
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{interop,browser}/**'],
          testTimeout: 60_000, // none waits, but random play is work, and machines are busy
        },
      },
      {
        extends: true,
        test: { name: 'interop', include: ['test/interop/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
