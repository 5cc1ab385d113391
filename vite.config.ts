import { defineConfig } from 'vite';

/** The page that `npm start` serves, built into dist/page. Phaser is a chunk of its own: it is large and rarely changes. */
export default defineConfig({
  root: 'client',
  base: './',
  publicDir: '../public',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1500, // kB, minified: Phaser
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'phaser', test: /node_modules[\\/]phaser/ }] } } },
  },
});
