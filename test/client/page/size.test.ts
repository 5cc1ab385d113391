import { expect, it } from 'vitest';
import { pageSize } from './size.ts';

it('a page of a game, with its checks and without Phaser, loads at most 50 KB', async () => {
  const { atOnce, parts } = await pageSize();
  expect(atOnce, parts.map(([name, bytes]) => `${bytes} ${name}`).join('\n')).toBeLessThanOrEqual(50_000);
});
