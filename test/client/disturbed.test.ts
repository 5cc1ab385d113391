import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { connectFour, connectFourRules } from '../../protocol/games/connect-four.ts';
import { GameServer, type Network } from './game-server.ts';

/** What happens to a player's network while a move is under way. */
const troubles = {
  nothing: () => {},
  'events are dropped': (network: Network) => void (network.loses = ({ type }) => type === 'event'),
  'the answer is lost': (network: Network) =>
    void (network.loses = ({ type }) => type === 'result' || type === 'error'),
  'nothing comes': (network: Network) => void (network.loses = () => true),
  'the socket dies': (network: Network) => void (network.dead = true),
};
const trouble = fc.constantFrom(...(Object.keys(troubles) as (keyof typeof troubles)[]));
const step = fc.record({ mover: trouble, other: trouble, isCut: fc.boolean(), choice: fc.nat() });

it('whatever the network does, every move is made once, and both views end equal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const server = await GameServer.start();
      const pages = [server.page(), server.page()];
      const join = (page: (typeof pages)[number]) =>
        page.client.join(connectFour, { rules: connectFourRules, match: 'quick' });
      const matches = [await join(pages[0]!), await join(pages[1]!)];
      let made = 0;
      await server.clock.pass(1_000);
      for (const { mover, other, isCut, choice } of steps) {
        const [seat] = matches[0]!.view.toAct;
        if (seat === undefined) break;
        const [page, opponent, match] = [pages[seat]!, pages[1 - seat]!, matches[seat]!];
        troubles[mover](page.network);
        troubles[other](opponent.network);
        const legal = match.legal();
        const moving = match.play(legal[choice % legal.length]!);
        await server.clock.pass(500);
        for (const { network } of pages) network.loses = () => false;
        if (isCut || mover !== 'nothing') await page.network.cut();
        if (other !== 'nothing') await opponent.network.cut();
        await server.clock.pass(60_000);
        if ((await moving).ok) made += 1;
        expect(matches[0]!.view).toEqual(matches[1]!.view);
      }
      const { state, result } = matches[0]!.view;
      await server.stop();
      expect(state.board.flat()).toHaveLength(made);
      if (!result) expect(made).toBe(steps.length);
    }),
    { numRuns: 40 },
  );
}, 30_000);
