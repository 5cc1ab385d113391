/** The least page of a game with a check of every move before it is sent: what is measured by `size.ts`. */
import { connect } from 'realmkit/client';
import { connectFour, connectFourRules } from '../../../protocol/games/connect-four.ts';

const client = connect();
const match = await client.join(connectFour, { rules: connectFourRules, match: 'quick' });
match.onView(({ state }) => console.log(state.board, match.check.drop({ column: 3 })));
