import { expect, it } from 'vitest';
import { hedgehog } from '../../../server/games/meadow.ts';
import { meadowRules } from '../../../protocol/games/meadow.ts';
import { table } from '../authority/table.ts';

it('the hedgehog gathers what grows, and carries it home', async () => {
  const { clock, connect, create } = await table({ games: [meadowRules] });
  const match = await create('meadow');
  const reports: string[] = [];
  const place = { match, clock, seed: 3, every: 4, report: (what: string) => reports.push(what) };
  const entered = await hedgehog.enter(await connect('computer_1', 'bot'), place);
  await clock.advance(60_000);
  expect(entered.view.shared.scores['computer_1']).toBeGreaterThan(5);
  expect(reports).toEqual([]);
});

it('the hedgehog tosses cones at who is near', async () => {
  const { clock, connect, create } = await table({ games: [meadowRules] });
  const match = await create('meadow', { options: { fruits: 0 } });
  const entered = await hedgehog.enter(await connect('computer_1', 'bot'), { match, clock, seed: 3, every: 4 });
  const ada = await hedgehog.enter(await connect('ada'), { match, clock, seed: 4, every: 4 });
  let dizzy = 0;
  for (let i = 0; i < 20; i++) {
    await clock.advance(500);
    if ([entered, ada].some(({ view }) => (view.me?.dizzy ?? 0) > 0)) dizzy += 1;
  }
  expect(dizzy).toBeGreaterThan(0);
});
