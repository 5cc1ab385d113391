import { connect } from 'realmkit/client';
import { ticTacToe, ticTacToeRules } from './tic-tac-toe.ts';

/** Meets an opponent and marks the first free cell whenever it is our turn; answers with the result. */
export async function play(url: string) {
  const client = connect({ url });
  const match = await client.join(ticTacToe, { rules: ticTacToeRules, match: 'quick' });
  const result = await new Promise((resolve) => {
    const look = async () => {
      if (match.view.result) return resolve(match.view.result);
      const [move] = match.legal();
      if (!move) return; // not our turn
      const outcome = await match.moves.mark(move.args);
      if (!outcome.ok && outcome.error.code === 'cell_taken') console.log(`cell ${outcome.error.details.cell} is taken`);
    };
    match.onView(() => void look());
    void look();
  });
  client.close();
  return result;
}
