/** A match in words, for the status line, the result and the live region. */
import type { AnyRejection, AnyView, Issue, MatchResult, Offer } from '../../protocol/index.ts';
import { hasBegun } from '../match/check.ts';
import type { AnyScreen } from './game-screen.ts';
import { nameOf } from './names.ts';

/** What the words take from a game's screen. */
export type Wording = Pick<AnyScreen, 'reasons' | 'refusals'> & {
  readonly seats: readonly { readonly name: string }[];
};

/** @param told what happened last, in the game's words. */
export function statusWords({ seats }: Wording, view: AnyView, seat: number | null, told: string): string {
  const { toAct, result } = view;
  if (result) return told === '' ? 'The match is over.' : told;
  if (!hasBegun(view)) return seat === null ? 'Waiting for players.' : 'Waiting for an opponent.';
  const turn = seat !== null && toAct.includes(seat) ? 'Your move.' : `${named(seats, toAct)} to move.`;
  return told === '' ? turn : `${turn} ${told}`;
}

/** Why a move was refused: in the game's words, or the framework's own. */
export function refusalWords(
  { refusals }: Pick<Wording, 'refusals'>,
  { code, details, message }: AnyRejection,
): string {
  if (code === 'bad_arguments' && 'issues' in details) return issueWords(details.issues) ?? message;
  const words = Object.hasOwn(refusals, code) ? refusals[code] : message;
  return typeof words === 'function' ? words(details) : (words ?? message);
}

/** Where an argument was wrong is for developers. */
function issueWords(issues: unknown): string | null {
  const [first] = Array.isArray(issues) ? (issues as readonly Partial<Issue>[]) : [];
  return first?.message === undefined ? null : `${first.message.replace(/^./, (letter) => letter.toUpperCase())}.`;
}

export type MatchOutcome = 'won' | 'lost' | 'drawn' | 'watched';

/** How it ended for who looks on: `You won by checkmate`, `White won by checkmate`, `Draw by stalemate`. */
export function resultWords(
  wording: Wording,
  result: MatchResult,
  seat: number | null,
): { outcome: MatchOutcome; title: string } {
  const winners = winnersOf(result);
  const why = reasonWords(wording, result, seat);
  if (winners.length === 0) return { outcome: seat === null ? 'watched' : 'drawn', title: `Draw${why}` };
  if (seat === null) return { outcome: 'watched', title: `${named(wording.seats, winners)} won${why}` };
  return winners.includes(seat)
    ? { outcome: 'won', title: `You won${why}` }
    : { outcome: 'lost', title: `You lost${why}` };
}

/** What is new in a view and not in the status line, a live region itself. Empty where nothing is. */
export function newsWords(wording: Wording, view: AnyView, previous: AnyView, seat: number | null): string {
  const { result, rematch } = view;
  const news: string[] = [];
  if (result && !previous.result) news.push(`${resultWords(wording, result, seat).title}.`);
  for (const [other, { player, connected }] of view.seats.entries()) {
    const before = previous.seats[other];
    if (other === seat || player === null || !before) continue;
    if (before.player === null) news.push(`${nameOf(player)} sat down.`);
    else if (before.connected && !connected) news.push(`${nameOf(player)} is away.`);
    else if (!before.connected && connected) news.push(`${nameOf(player)} is back.`);
  }
  for (const offer of view.offers) {
    const known = previous.offers.some(({ what }) => what === offer.what);
    if (!known && offer.wantedBy[0] !== seat) news.push(offerWords(wording, offer, seat));
  }
  const isOver = (what: string) => !view.offers.some((offer) => offer.what === what);
  const isRefused = previous.offers.some(({ what, wantedBy: [asker] }) => asker === seat && isOver(what));
  if (isRefused && !result && view.state === previous.state) news.push('Your offer no longer stands.'); // else it was accepted, or a move has answered it
  const asks = rematch.wantedBy.find((other) => other !== seat && !previous.rematch.wantedBy.includes(other));
  if (asks !== undefined && seat !== null && rematch.match === null)
    news.push(`${wording.seats[asks]?.name ?? 'Your opponent'} asks for a rematch.`);
  return news.join(' ');
}

/** What is asked, and by whom: `White offers a draw.` */
export function offerWords(
  { seats }: Wording,
  { what, wantedBy: [asker = 0] }: Offer<string>,
  seat: number | null,
): string {
  const isOwn = asker === seat;
  const who = isOwn ? 'You' : (seats[asker]?.name ?? 'Your opponent');
  if (what === 'draw') return `${who} ${isOwn ? 'offer' : 'offers'} a draw.`;
  return `${who} ${isOwn ? 'ask' : 'asks'} to take a move back.`;
}

/** Who does not come back, and what to do: `Black has not come back. End the match, or go on waiting.` */
export const absenceWords = ({ seats }: Wording, lost: readonly number[]): string =>
  `${named(seats, lost)} ${lost.length === 1 ? 'has' : 'have'} not come back. End the match, or go on waiting.`;

/** Some reasons are the framework's, whatever the game; the others have the game's words. */
function reasonWords(wording: Wording, result: MatchResult, seat: number | null): string {
  const { reason } = result;
  if (reason === 'time') return ' on time';
  if (reason === 'agreed') return ' by agreement';
  if (reason === 'claimed') return ' by claim';
  if (reason !== 'left' && reason !== 'abandoned') {
    const why = reason === undefined ? undefined : wording.reasons[reason];
    return why === undefined ? '' : ` ${why}`;
  }
  const winners = winnersOf(result);
  if (winners.length === 0) return ': nobody came back';
  const losers = [...wording.seats.keys()].filter((other) => !winners.includes(other));
  const who = losers.length === 1 && losers[0] === seat ? 'you' : named(wording.seats, losers);
  return reason === 'left' ? `: ${who} left` : `: ${who} did not come back`;
}

const winnersOf = (result: MatchResult): readonly number[] =>
  'winner' in result ? [result.winner] : 'winners' in result ? result.winners : [];

/** Seats by name: `White`, `White and Black`. */
const named = (seats: Wording['seats'], which: readonly number[]): string =>
  which.map((seat) => seats[seat]?.name ?? `Seat ${seat + 1}`).join(' and ');
