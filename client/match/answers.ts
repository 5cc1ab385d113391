/** What authority and lobby answer and publish, checked once where it comes in. All of it throws an Error naming the fault. */
import {
  issuesText,
  viewIssues,
  type AnyView,
  type Change,
  type Dict,
  type LobbyChange,
  type MatchSummary,
  type Result,
} from '../../protocol/index.ts';

/** A view as the form has it, and the match time when it was sent, ms. */
export interface ViewAnswer {
  readonly view: unknown;
  readonly now: number;
}

export function joinAnswer(result: Result): ViewAnswer & { readonly seat: number | null } {
  const { seat } = answer(result);
  if (seat !== null && typeof seat !== 'number') throw new Error('an answer of join has no seat');
  return { seat, ...syncAnswer(result) };
}

export function syncAnswer(result: Result): ViewAnswer {
  const { view, now } = answer(result);
  if (typeof now !== 'number') throw new Error('an answer with a view does not say what time it is');
  return { view, now };
}

/** The version that a move made; null where the answer has none. */
export function versionAnswer(result: Result): number | null {
  const { version } = answer(result);
  return typeof version === 'number' ? version : null;
}

export function matchAnswer(result: Result): string {
  const { match } = answer(result);
  if (typeof match !== 'string') throw new Error('an answer of the lobby names no match');
  return match;
}

export function summariesAnswer(result: Result): readonly MatchSummary[] {
  const { matches } = answer(result);
  if (!Array.isArray(matches)) throw new Error('an answer of the lobby has no list of matches');
  return matches.map(summaryOf);
}

export const summaryAnswer = (result: Result): MatchSummary => summaryOf(answer(result));

/** One change of a match's state topic. */
export function changeOf(value: unknown): Change {
  const fits =
    isDict(value) && (value['type'] === 'commit' || value['type'] === 'part') && typeof value['version'] === 'number';
  if (!fits || !isTree(value['delta'])) throw new Error('a change of a match is neither commit nor part');
  return value as unknown as Change;
}

export function lobbyChangeOf(value: unknown): LobbyChange {
  if (isDict(value) && typeof value['removed'] === 'string') return { removed: value['removed'] };
  if (isDict(value)) return { changed: summaryOf(value['changed']) };
  throw new Error('a change of the lobby says nothing');
}

export function viewOf(value: unknown): AnyView {
  if (!isDict(value)) throw new Error('an answer has no view');
  const issues = viewIssues(value);
  if (issues.length > 0) throw new Error(`a view of the authority does not fit: ${issuesText(issues)}`);
  return value as unknown as AnyView;
}

function summaryOf(value: unknown): MatchSummary {
  const fits = isDict(value) && typeof value['id'] === 'string' && typeof value['game'] === 'string';
  if (!fits || !Array.isArray(value['seats'])) throw new Error('a summary of a match lacks id, game or seats');
  return value as unknown as MatchSummary;
}

/** Every procedure of lobby and authority answers one dict. */
function answer({ args: [first] }: Result): Dict {
  if (!isDict(first)) throw new Error('an answer is not a dict');
  return first;
}

const isTree = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);
