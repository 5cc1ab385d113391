/** What the compiler promises to who writes a scene. The function is compiled, never run: each expected error is a test. */
import type { Scene, Types } from 'phaser';
import { expect, expectTypeOf, it } from 'vitest';
import {
  bind,
  RealmkitPlugin,
  type AnyMatch,
  type AnyPredictedMatch,
  type Client,
  type Match,
  type PredictedMatch,
  type PredictedWorldMatch,
} from '../../client/index.ts';
import type { Refusals } from '../../client/ui/game-screen.ts';
import { chess } from '../../protocol/games/chess.ts';
import { connectFour, connectFourRules } from '../../protocol/games/connect-four.ts';
import { meadow, meadowRules } from '../../protocol/games/meadow.ts';
import { isConcealed, seen, type Concealed } from '../../protocol/index.ts';
import { village, villageRules } from '../protocol/world/village.ts';
import { cards, cardsRules } from './secret-cards.ts';

interface Card {
  readonly suit: 'hearts' | 'spades';
  readonly rank: number;
}

declare function shake(amount: number): void;
declare const scene: Scene;

/** Phaser's own types take the plugin as it is. */
export const config = (data: Client): Types.Core.GameConfig => ({
  plugins: { global: [{ key: 'realmkit', plugin: RealmkitPlugin, start: true, mapping: 'realmkit', data }] },
});

/** Offers are the game's, and a rematch is everybody's. */
export async function offers(client: Client) {
  const four = await client.join(connectFour, { match: 'quick' });
  const game = await client.join(chess, { match: 'quick', options: { minutes: 3 } });
  await game.offer('takeback');
  await game.claim('draw');
  // @ts-expect-error what no game lets claim
  await game.claim('pot');
  // @ts-expect-error a claim in a game without
  await four.claim('win');
  await game.answer('draw', true);
  await four.offer('rematch');
  shake(game.now);
  // @ts-expect-error clocks that this match may not have
  shake(game.view.clocks[0].leftMs);
  // @ts-expect-error what this game does not have
  await four.offer('draw');
  // @ts-expect-error what no game has
  await game.offer('truce');
  // @ts-expect-error an answer says yes or no
  await game.answer('draw');
}

/** A world's rules say what they think of its moves. */
export async function foreseen(client: Client) {
  const walked = await client.enter(meadow, { rules: meadowRules });
  expectTypeOf(walked).toEqualTypeOf<PredictedWorldMatch<typeof meadow.types>>();
  const verdict = walked.check.toss({ x: 1, y: 2 });
  if (verdict.ok === false) expectTypeOf(verdict.error.details).toExtend<object>();
  // @ts-expect-error the arguments of a move
  walked.check.toss({ x: 1 });
  // @ts-expect-error an error where the verdict is unknown
  if (verdict.ok === 'unknown') shake(verdict.error.version);
  const watched = await client.enter(meadow);
  // @ts-expect-error check without rules
  watched.check.toss({ x: 1, y: 2 });
  // @ts-expect-error the rules of another game
  await client.enter(meadow, { rules: connectFourRules });
}

export async function promised(client: Client) {
  const match = await client.join(connectFour, { rules: connectFourRules, match: 'quick' });
  expectTypeOf(match).toEqualTypeOf<PredictedMatch<typeof connectFour.types>>();
  expectTypeOf(match.seat).toEqualTypeOf<0 | 1 | null>();
  expectTypeOf(match.view.state).toEqualTypeOf<{
    readonly board: readonly (readonly number[])[];
    readonly last: number | null;
  }>();
  expectTypeOf(match.view.phase).toEqualTypeOf<null>();
  const outcome = await match.moves.drop({ column: 3 });
  if (!outcome.ok) {
    switch (
      outcome.error.code // exhaustive: the game's and the framework's
    ) {
      case 'column_full':
      case 'no_such_column':
        shake(outcome.error.details.column);
        break;
      case 'rate_limited':
        shake(outcome.error.details.retryAfterMs);
        break;
      case 'bad_arguments':
        shake(outcome.error.details.issues.length);
        break;
      case 'not_your_turn':
      case 'wrong_phase':
      case 'no_seat':
      case 'over':
      case 'no_such_match':
      case 'full':
      case 'stale':
      case 'outdated_client':
      case 'outdated_match':
      case 'rule_failed':
        break;
      default:
        outcome.error satisfies never;
    }
  }
  const verdict = match.check.drop({ column: 3 });
  if (verdict.ok === false && verdict.error.code === 'column_full') shake(verdict.error.details.column);
  match.on('landed', ({ row }) => shake(row));
  for (const move of match.legal()) if (move.move === 'drop') shake(move.args.column);
  const off = bind(scene, match, {
    view: (view, previous) => shake(view.version - (previous?.version ?? 0)),
    on: { landed: ({ column }) => shake(column) },
    gone: ({ message }) => shake(message.length),
  });
  off();

  const table = await client.join(cards, { match: 'new', options: { stake: 5 } });
  expectTypeOf(table).toEqualTypeOf<Match<typeof cards.types>>();
  expectTypeOf(table.view.phase).toEqualTypeOf<'bidding' | 'playing'>();
  expectTypeOf<(typeof table.view.state.hands)[0]>().toEqualTypeOf<readonly Card[] | Concealed>();
  expectTypeOf<(typeof table.view.state.pile)[number]>().toEqualTypeOf<Concealed>();
  expectTypeOf(table.view.state.trump).toEqualTypeOf<'hearts' | 'spades' | undefined>();
  if (table.seat !== null) shake(seen(table.view.state.hands[table.seat])?.length ?? 0);
  table.on('drawn', ({ card }) => void (isConcealed(card) || shake(card.rank)));
  await table.moves.pass();
  await table.moves.bid({ value: 3 });

  // A page that serves all games
  const any: AnyMatch = table;
  const anyPredicted: AnyPredictedMatch = match;
  shake(any.view.seats.length + anyPredicted.legal().length);
  return { match, second: match, table };
}

type ConnectFourRefusals = Refusals<typeof connectFour.types>;
export const refusals: readonly ConnectFourRefusals[] = [
  { column_full: 'Full.', no_such_column: ({ column }) => `No column ${column}.` },
  // @ts-expect-error a code without words
  { column_full: 'Full.' },
  // @ts-expect-error words for a code that the game does not have
  { column_full: 'Full.', no_such_column: 'None.', row_full: 'Full.' },
  // @ts-expect-error details of another game's error
  { column_full: ({ square }) => `${square} is full.`, no_such_column: 'None.' },
];

export async function refused(client: Client, { match, second, table }: Awaited<ReturnType<typeof promised>>) {
  // @ts-expect-error a wrong argument
  await match.moves.drop({ column: '3' });
  // @ts-expect-error a missing argument
  await match.moves.drop({});
  // @ts-expect-error no arguments at all
  await match.moves.drop();
  // @ts-expect-error one argument too many
  await match.moves.drop({ column: 3, row: 1 });
  // @ts-expect-error an unknown move
  await match.moves.dorp({ column: 3 });
  // @ts-expect-error an unknown move, as data
  await match.play({ move: 'dorp', args: {} });
  // @ts-expect-error arguments of another move
  await match.play({ move: 'drop', args: { row: 1 } });
  // @ts-expect-error arguments for a move that has none
  await table.moves.pass({ why: 'bored' });
  const outcome = await match.moves.drop({ column: 1 });
  // @ts-expect-error an unknown error code
  if (!outcome.ok && outcome.error.code === 'colum_full') shake(1);
  // @ts-expect-error an error of another game
  if (!outcome.ok && outcome.error.code === 'too_low') shake(1);
  // @ts-expect-error details before the code is known
  if (!outcome.ok) shake(outcome.error.details.column);
  // @ts-expect-error the error before `ok` is looked at
  shake(outcome.error);
  // @ts-expect-error a verdict that may be unknown is not simply true or false
  if (!match.check.drop({ column: 1 }).ok) shake(match.check.drop({ column: 1 }).error.version);
  // @ts-expect-error a hidden field
  shake(table.view.state.deck.length);
  // @ts-expect-error an owner's field without asking whether it is concealed
  shake(table.view.state.hands[0].length);
  // @ts-expect-error an audience's field without asking
  shake(table.view.state.plans[0].length);
  // @ts-expect-error a concealed element of a list
  shake(table.view.state.pile[0]?.rank);
  // @ts-expect-error an event's concealed data without asking
  table.on('drawn', ({ card }) => shake(card.rank));
  // @ts-expect-error writing to a view
  match.view.state.last = 3;
  // @ts-expect-error writing deep inside a view
  match.view.state.board.push([]);
  // @ts-expect-error replacing the view
  match.view = second.view;
  // @ts-expect-error a spectator's seat as an index
  shake(table.view.state.hands[table.seat]);
  // @ts-expect-error an unknown event
  match.on('lnaded', () => {});
  // @ts-expect-error an unknown phase
  if (table.view.phase === 'biding') shake(1);
  // @ts-expect-error the rules of another game
  await client.join(connectFour, { rules: cardsRules, match: 'quick' });
  // @ts-expect-error check without rules
  table.check.pass();
  // @ts-expect-error legal without rules
  table.legal();
  // @ts-expect-error an unknown option
  await client.join(connectFour, { match: 'new', options: { colums: 5 } });
  // @ts-expect-error an option of the wrong type
  await client.join(connectFour, { match: 'new', options: { columns: 'five' } });
  // @ts-expect-error a seat that the game does not have
  await client.join(connectFour, { match: { id: 'x' }, seat: 2 });
  // @ts-expect-error watching in a seat
  await client.join(connectFour, { match: { id: 'x' }, seat: 1, watch: true });
  // @ts-expect-error options of a match that exists
  await client.join(connectFour, { match: { id: 'x' }, options: { columns: 5 } });
  // @ts-expect-error an opponent for a quick match
  await client.join(connectFour, { match: 'quick', opponent: 'computer' });
  // @ts-expect-error an unknown opponent
  await client.lobby.create(connectFour, { opponent: 'robot' });
  // @ts-expect-error an unknown event in a binding
  bind(scene, match, { on: { lnaded: () => {} } });
  // @ts-expect-error a match of one game where that of another is wanted
  const wrong: Match<typeof connectFour.types> = table;
  // @ts-expect-error the status before its state is known
  shake(client.status.since);
  return wrong;
}

/** What the compiler promises to who draws a world. */
export async function worlds(client: Client) {
  const match = await client.enter(village, { rules: villageRules, options: { coins: 3 } });
  expectTypeOf(match.player).toEqualTypeOf<string | null>();
  const { me, players, entities } = match.frame();
  if (me) shake(me.gold);
  match.input({ dx: 1, dy: 0 });
  const bought = await match.moves.buy({ item: 'rope', quantity: 1 });
  if (!bought.ok && bought.error.code === 'too_poor') shake(bought.error.details.need);
  match.on('hit', ({ id }) => shake(players[id]?.x ?? 0));
  for (const coin of Object.values(entities.coin)) shake(coin.worth);
  // @ts-expect-error one may be watching
  shake(me.gold);
  // @ts-expect-error what others have may be concealed
  shake(players['ada']!.gold);
  // @ts-expect-error luck is hidden
  shake(match.view.me!.luck);
  // @ts-expect-error there is no such input
  match.input({ dx: 1, dz: 0 });
  // @ts-expect-error an input lacks a field
  match.input({ dx: 1 });
  // @ts-expect-error there is no such move
  await match.moves.sell({ item: 'rope' });
  // @ts-expect-error there is no such item
  await match.moves.buy({ item: 'sword', quantity: 1 });
  // @ts-expect-error there is no such event
  match.on('sold', () => {});
  // @ts-expect-error an event may tell others less
  match.on('bought', ({ price }) => shake(price));
  // @ts-expect-error rules of another world
  await client.enter(village, { rules: connectFourRules });
  // @ts-expect-error a game is joined
  await client.enter(connectFour);
  // @ts-expect-error and a world entered
  await client.join(village, { match: 'quick' });
}

it('client/index.ts loads under Node, without Phaser and without a DOM', () => {
  expect(bind).toBeTypeOf('function');
  expect('window' in globalThis).toBe(false);
});
