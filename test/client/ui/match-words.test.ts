import { describe, expect, it } from 'vitest';
import { newsWords, refusalWords, resultWords, statusWords } from '../../../client/ui/match-words.ts';
import { nameBeside, nameOf } from '../../../client/ui/names.ts';
import { refusal, type AnyView, type MatchResult } from '../../../protocol/index.ts';

const wording = {
  seats: [{ name: 'White' }, { name: 'Black' }],
  reasons: { checkmate: 'by checkmate', stalemate: 'by stalemate' },
  refusals: { too_heavy: 'That is too heavy.', too_far: ({ by }: { by?: number }) => `That is ${by} too far.` },
};
const someone = { player: 'k3j9', connected: true };
const view = (changes: Partial<AnyView>): AnyView => ({
  version: 4,
  epoch: 1,
  state: {},
  seats: [someone, { ...someone, player: 'computer' }],
  toAct: [0],
  phase: null,
  stage: null,
  clocks: null,
  options: {},
  result: null,
  offers: [],
  rematch: { wantedBy: [], match: null },
  ...changes,
});

describe('the status line', () => {
  it('says whose turn it is, then what happened', () => {
    expect(statusWords(wording, view({}), 0, 'Black played Bg7.')).toBe('Your move. Black played Bg7.');
    expect(statusWords(wording, view({}), 1, '')).toBe('White to move.');
    expect(statusWords(wording, view({ toAct: [0, 1] }), null, '')).toBe('White and Black to move.');
  });

  it('waits while a seat is free', () => {
    const open = view({ seats: [someone, { player: null, connected: false }], toAct: [] });
    expect(statusWords(wording, open, 0, '')).toBe('Waiting for an opponent.');
    expect(statusWords(wording, open, null, '')).toBe('Waiting for players.');
  });

  it('after the end keeps the last move in sight', () => {
    const over = view({ result: { winner: 0, reason: 'checkmate' }, toAct: [] });
    expect(statusWords(wording, over, 0, 'White played Qh5, checkmate.')).toBe('White played Qh5, checkmate.');
    expect(statusWords(wording, over, 0, '')).toBe('The match is over.');
  });
});

describe('a refusal', () => {
  it('has the words of the game, which may follow its details', () => {
    const refused = { details: { by: 3 }, message: 'Generic.', version: 4 };
    expect(refusalWords(wording, { ...refused, code: 'too_heavy' })).toBe('That is too heavy.');
    expect(refusalWords(wording, { ...refused, code: 'too_far' })).toBe('That is 3 too far.');
  });

  it('by the framework, or with a code that this page does not know, keeps its message', () => {
    expect(refusalWords(wording, refusal('over', {}))).toBe('The match is over.');
    expect(refusalWords(wording, { code: 'constructor', details: {}, message: 'New.', version: 4 })).toBe('New.');
  });
});

describe('the result', () => {
  const white: MatchResult = { winner: 0, reason: 'checkmate' };
  it.each([
    [white, 0, 'won', 'You won by checkmate'],
    [white, 1, 'lost', 'You lost by checkmate'],
    [white, null, 'watched', 'White won by checkmate'],
    [{ draw: true, reason: 'stalemate' }, 1, 'drawn', 'Draw by stalemate'],
    [{ draw: true }, 0, 'drawn', 'Draw'],
    [{ winner: 0, reason: 'a meteor' }, 0, 'won', 'You won'],
    [{ winner: 0, reason: 'left' }, 0, 'won', 'You won: Black left'],
    [{ winner: 0, reason: 'left' }, 1, 'lost', 'You lost: you left'],
    [{ winner: 1, reason: 'abandoned' }, null, 'watched', 'Black won: White did not come back'],
    [{ draw: true, reason: 'abandoned' }, 0, 'drawn', 'Draw: nobody came back'],
    [{ draw: true, reason: 'claimed' }, 1, 'drawn', 'Draw by claim'],
    [{ winners: [0, 1] }, 0, 'won', 'You won'],
  ] as const)('%j for seat %s: %s', (result, seat, outcome, title) => {
    expect(resultWords(wording, result, seat)).toEqual({ outcome, title });
  });
});

describe('news', () => {
  const away = { player: '4k2f8s0d1a2b3c4d', connected: false };
  const before = view({ seats: [someone, { ...away, connected: true }] });

  it('tells all that comes with one view', () => {
    const after = view({ seats: [someone, away], result: { winner: 0, reason: 'left' } });
    expect(newsWords(wording, after, before, 0)).toBe('You won: Black left. Guest 4k2f is away.');
    expect(newsWords(wording, before, view({ seats: [someone, away] }), 0)).toBe('Guest 4k2f is back.');
  });

  it('tells who sat down and who asks for a rematch, but not of oneself', () => {
    const open = view({ seats: [someone, { player: null, connected: false }] });
    expect(newsWords(wording, before, open, 0)).toBe('Guest 4k2f sat down.');
    expect(newsWords(wording, before, open, 1)).toBe('');
    const asked = view({ rematch: { wantedBy: [1], match: null } });
    expect(newsWords(wording, asked, view({}), 0)).toBe('Black asks for a rematch.');
    expect(newsWords(wording, asked, view({}), 1)).toBe('');
  });
});

describe('names', () => {
  it('are short for guests, and say who one is oneself', () => {
    expect(nameOf('4k2f8s0d1a2b3c4d')).toBe('Guest 4k2f');
    expect(nameOf('computer')).toBe('Computer');
    expect(nameBeside('4k2f8s0d1a2b3c4d', '4k2f8s0d1a2b3c4d')).toBe('You (Guest 4k2f)');
    expect(nameBeside(null, null)).toBe('Open seat');
  });
});

describe('offers', () => {
  const state = { fen: 'here' };
  const draw = { what: 'draw', wantedBy: [1] };

  it('are told to the others, with who asks for what', () => {
    expect(newsWords(wording, view({ offers: [draw] }), view({}), 0)).toBe('Black offers a draw.');
    expect(newsWords(wording, view({ offers: [draw] }), view({}), 1)).toBe('');
    expect(newsWords(wording, view({ offers: [{ what: 'takeback', wantedBy: [0] }] }), view({}), 1)).toBe(
      'White asks to take a move back.',
    );
  });

  it('that are declined are told to who asked, and those that a move has answered are not', () => {
    const pending = view({ offers: [draw], state });
    expect(newsWords(wording, view({ state }), pending, 1)).toBe('Your offer no longer stands.');
    expect(newsWords(wording, view({ state: { fen: 'there' } }), pending, 1)).toBe('');
    expect(newsWords(wording, view({ state }), pending, 0)).toBe('');
  });

  it('that are refused say why, without the name of an argument', () => {
    const details = { issues: [{ path: 'what', message: 'there is no move of yours to take back' }] };
    expect(refusalWords(wording, { code: 'bad_arguments', details, message: 'what: …', version: 3 })).toBe(
      'There is no move of yours to take back.',
    );
  });
});

it('a match that time or the players ended says so in any game', () => {
  expect(resultWords(wording, { winner: 0, reason: 'time' }, 0).title).toBe('You won on time');
  expect(resultWords(wording, { draw: true, reason: 'agreed' }, 0).title).toBe('Draw by agreement');
});
