import { connect } from 'realmkit/client';
import { ticTacToe, ticTacToeRules } from './tic-tac-toe.ts';

/** Meets an opponent and marks the first free cell whenever it is our turn. Answers with the result. */
export async function play(url: string) {
  const client = connect({ url });
  const match = await client.join(ticTacToe, { rules: ticTacToeRules, match: 'quick' });
  for (;;) {
    const { result } = await match.until(
      (view) => view.result !== null || view.toAct.some((seat) => seat === match.seat),
    );
    if (result) break;
    const outcome = await match.moves.mark(match.legal()[0]!.args);
    if (!outcome.ok && outcome.error.code === 'cell_taken') console.log(`cell ${outcome.error.details.cell} is taken`);
  }
  client.close();
  return match.view.result;
}
