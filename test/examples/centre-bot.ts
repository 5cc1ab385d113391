import { connect } from 'realmkit/client';
import { bot } from 'realmkit/protocol';
import { ticTacToe, ticTacToeRules } from './tic-tac-toe.ts';

/** Marks the centre if it can, else anything. */
const centreBot = bot(
  ticTacToeRules,
  ({ legal, random }) => legal.find(({ args }) => args.cell === 4) ?? random.pick(legal),
);

/** Takes a seat of the next match, and plays it to its end. */
export async function playAsBot(url: string) {
  const client = connect({ url });
  const match = await client.lobby.quick(ticTacToe);
  const seated = await centreBot.play(await client.online(), { match });
  const result = await seated.done;
  client.close();
  return result;
}
