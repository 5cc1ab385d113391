import { describe, expect, it, vi } from 'vitest';
import { ChessControl } from '../../../client/games/chess/control.ts';
import { chessRules, type Square } from '../../../protocol/games/chess.ts';
import { fakeTable } from './fake-table.ts';

/** A board after some moves, such as `e2e4`; `a7b8queen` promotes. */
function board({ seat = 0, after = [] }: { seat?: 0 | 1 | null; after?: readonly string[] } = {}) {
  const table = fakeTable(chessRules, seat);
  const play = (...moves: readonly string[]) => {
    for (const move of moves) {
      const args = { from: move.slice(0, 2) as Square, to: move.slice(2, 4) as Square };
      const promotion = move.slice(4) as 'queen' | '';
      const played = table.harness.mover.moves.move(promotion === '' ? args : { ...args, promotion });
      expect(played).toMatchObject({ ok: true });
    }
    table.tell();
  };
  play(...after);
  const control = new ChessControl(table);
  return {
    table,
    control,
    play,
    cell: (square: string) => control.mirror.rows.flat().find(({ id }) => id === square)!,
  };
}
const targets = (control: ChessControl) =>
  control.targets.map(({ square, captures }) => (captures ? `x${square}` : square)).toSorted();

describe('selecting', () => {
  it('selects a piece that can move, and shows where it may go', () => {
    const { control, cell } = board();
    control.press('g1');
    expect(control.selected).toBe('g1');
    expect(targets(control)).toEqual(['f3', 'h3']);
    expect(cell('g1')).toEqual({ id: 'g1', label: 'g1, white knight, selected', active: true, selected: true });
    expect(cell('f3')).toEqual({ id: 'f3', label: 'f3, empty, move here', active: true, selected: false });
  });

  it.each(['a1', 'e7', 'e5', 'nonsense'])(
    'selects nothing on %s: a blocked piece, the other side, an empty square, no square',
    (square) => {
      const { control } = board();
      control.press(square);
      expect(control.selected).toBeNull();
    },
  );

  it('lets go of a piece that is pressed again, or when nothing can be done where one presses', () => {
    const { control } = board();
    for (const elsewhere of ['e2', 'e6']) {
      control.press('e2');
      control.press(elsewhere);
      expect(control.selected).toBeNull();
    }
  });

  it('switches to another piece of ours', () => {
    const { control } = board();
    control.press('e2');
    control.press('d2');
    expect(control.selected).toBe('d2');
  });

  it('is dropped when the position changes, and kept when only a connection does', () => {
    const { table, control } = board();
    control.press('e2');
    table.tell();
    expect(control.selected).toBe('e2');
    table.harness.players[0].moves.move({ from: 'd2', to: 'd4' });
    table.tell();
    expect(control.selected).toBeNull();
  });

  it('is not for spectators, nor for the seat that is not to act, nor after the end', () => {
    for (const { control } of [board({ seat: null }), board({ seat: 1 })]) {
      control.press('e2');
      control.press('e7');
      expect(control.selected).toBeNull();
      expect(control.mirror.rows.flat().some(({ active }) => active)).toBe(false);
    }
    const { table, control } = board();
    table.harness.players[1].moves.resign();
    table.tell();
    control.press('e2');
    expect(control.selected).toBeNull();
  });
});

describe('moving', () => {
  it('asks for the move, and shows it before it is answered', async () => {
    const { table, control, cell } = board();
    control.press('e2');
    control.press('e4');
    expect(table.asked).toEqual([{ move: 'move', args: { from: 'e2', to: 'e4' } }]);
    expect(cell('e4').label).toBe('e4, white pawn');
    expect(control).toMatchObject({ selected: null, isPending: true });
    await table.answer();
    expect(cell('e4').label).toBe('e4, white pawn');
    expect(control.isPending).toBe(false);
  });

  it('takes a refused move back', async () => {
    const { table, control, cell } = board();
    control.press('e2');
    control.press('e4');
    await table.answer('refuse');
    expect(cell('e2').label).toBe('e2, white pawn, can move');
    expect(cell('e4').label).toBe('e4, empty');
  });

  it('makes no second move before the first is answered', () => {
    const { table, control } = board();
    for (const square of ['e2', 'e4', 'd2', 'd4']) control.press(square);
    expect(table.asked).toHaveLength(1);
  });

  it('offers captures, also en passant', () => {
    const { control, cell } = board({ after: ['e2e4', 'a7a6', 'e4e5', 'd7d5'] });
    control.press('e5');
    expect(targets(control)).toEqual(['e6', 'xd6']);
    expect(cell('d6').label).toBe('d6, empty, capture en passant');
    const plain = board({ after: ['e2e4', 'd7d5'] });
    plain.control.press('e4');
    expect(plain.cell('d5').label).toBe('d5, black pawn, can be captured');
  });

  it('castles by the two squares that the king goes', () => {
    const { table, control, cell } = board({ after: ['e2e4', 'e7e5', 'g1f3', 'g8f6', 'f1c4', 'f8c5'] });
    control.press('e1');
    control.press('g1');
    expect(table.asked).toEqual([{ move: 'move', args: { from: 'e1', to: 'g1' } }]);
    expect(cell('f1').label).toBe('f1, white rook');
  });

  it('says which king is in check', () => {
    const { cell } = board({ seat: 1, after: ['e2e4', 'd7d6', 'f1b5'] });
    expect(cell('e8').label).toBe('e8, black king, in check');
    expect(cell('e1').label).toBe('e1, white king');
  });
});

describe('promotion', () => {
  const nearly = ['a2a4', 'b7b5', 'a4b5', 'a7a6', 'b5a6', 'b8c6', 'a6a7', 'h7h6'];

  it('asks for the piece, the queen first; cancelled, it moves nothing and lets go', async () => {
    const { table, control } = board({ after: [...nearly, 'h2h3', 'a8b8'] });
    const press = () => (control.press('a7'), control.press('a8'));
    press();
    expect(table.questions[0]).toMatchObject({ title: 'Promote the pawn to' });
    expect(table.questions[0]!.choices.map(({ label, image }) => `${label} ${image}`)).toEqual([
      'Queen ./chess/white-queen.svg',
      'Rook ./chess/white-rook.svg',
      'Bishop ./chess/white-bishop.svg',
      'Knight ./chess/white-knight.svg',
    ]);
    await table.choose(null);
    expect(control.selected).toBeNull();
    expect(table.asked).toEqual([]);
    press();
    await table.choose('knight');
    expect(table.asked).toEqual([{ move: 'move', args: { from: 'a7', to: 'a8', promotion: 'knight' } }]);
  });

  it('does nothing when the match went on while the player was choosing', async () => {
    const { table, control } = board({ after: [...nearly, 'h2h3', 'a8b8'] });
    control.press('a7');
    control.press('a8');
    table.harness.players[1].moves.resign();
    table.tell();
    await table.choose('queen');
    expect(table.asked).toEqual([]);
  });
});

describe('the mirror', () => {
  it('shows the board from the perspective, and turns with it', () => {
    const { table, control } = board();
    const changed = vi.fn();
    control.onChange(changed);
    expect(control.mirror.rows[0]![0]!.id).toBe('a8');
    table.perspective = 1;
    expect(changed).toHaveBeenCalledOnce();
    expect(control.mirror.rows[0]![0]!.id).toBe('h1');
    expect(control.mirror).toMatchObject({ label: 'Chess board, seen by black', top: 0 });
    expect(control.mirror.rows.map(({ length }) => length)).toEqual(Array(8).fill(8));
  });

  it('hears nothing more once it is disposed of', () => {
    const { table, control } = board();
    const changed = vi.fn();
    control.onChange(changed);
    control.dispose();
    table.tell();
    table.perspective = 1;
    expect(changed).not.toHaveBeenCalled();
  });
});
