import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** The page that `npm start` serves, built into dist/page. Phaser is a chunk of its own: it is large and rarely changes. */
export default defineConfig({
  root: 'client',
  base: './',
  publicDir: '../public',
  plugins: [gzipped()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1500, // kB, minified: Phaser
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'phaser', test: /node_modules[\\/]phaser/ }] } } },
  },
});

/** Puts a compressed copy beside each script and style: the server sends those, a quarter of the bytes. */
function gzipped(): Plugin {
  return {
    name: 'gzipped',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => /\.(js|css)$/.test(file))) {
        const path = join(dir!, name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}
