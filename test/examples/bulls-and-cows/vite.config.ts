/** Serves the page; what it asks of the router goes on to the game server at GAME_SERVER. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const layer = (name: string) => fileURLToPath(new URL(`../../../${name}/index.ts`, import.meta.url));

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { 'realmkit/protocol': layer('protocol'), 'realmkit/client': layer('client') } },
  optimizeDeps: { noDiscovery: true }, // all that it imports are modules already
  server: { proxy: { '/ws': { target: process.env['GAME_SERVER'] ?? 'http://127.0.0.1:8080', ws: true } } },
});
