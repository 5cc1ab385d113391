import { describe, expect, it } from 'vitest';
import { ConnectFourControl } from '../../../client/games/connect-four/control.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { fakeTable } from './fake-table.ts';

/** @param drops columns, counted from 1, of both sides in turn. */
function board({
  seat = 0,
  drops = [],
  columns = 7,
}: { seat?: 0 | 1 | null; drops?: readonly number[]; columns?: number } = {}) {
  const table = fakeTable(connectFourRules, seat, { columns });
  for (const column of drops)
    expect(table.harness.mover.moves.drop({ column: column - 1 })).toMatchObject({ ok: true });
  const control = new ConnectFourControl(table);
  return { table, control, label: (column: number, row: number) => control.mirror.rows[6 - row]![column - 1]!.label };
}

describe('dropping', () => {
  it.each(['2:0', '2:3', '2:5'])('drops into the column of the pressed cell %s', (cell) => {
    const { table, control } = board();
    control.press(cell);
    expect(table.asked).toEqual([{ move: 'drop', args: { column: 2 } }]);
  });

  it('shows the disc before the drop is answered, and takes a refused one back', async () => {
    const { table, control, label } = board();
    control.press('2:0');
    expect(label(3, 1)).toBe('column 3, row 1, red disc, dropped last');
    expect(control.isPending).toBe(true);
    await table.answer('refuse');
    expect(label(3, 1)).toBe('column 3, row 1, empty, drop here');
    control.press('2:0');
    await table.answer();
    expect(label(3, 1)).toBe('column 3, row 1, red disc, dropped last');
  });

  it('shows a drop once, also when the answer comes after what the other did next', () => {
    const { table, control, label } = board();
    control.press('2:0');
    table.harness.players[0].moves.drop({ column: 2 });
    table.harness.players[1].moves.drop({ column: 3 });
    table.tell();
    expect(control.isPending).toBe(true);
    expect(label(3, 1)).toBe('column 3, row 1, red disc');
    expect(label(3, 2)).toBe('column 3, row 2, empty');
    expect(label(4, 1)).toBe('column 4, row 1, yellow disc, dropped last');
  });

  it('makes no second move before the first is answered', () => {
    const { table, control } = board();
    control.press('2:0');
    control.press('3:0');
    expect(table.asked).toHaveLength(1);
  });

  it('does nothing in a full column, out of turn, for spectators, after the end or for no cell', () => {
    const full = board({ drops: [1, 1, 1, 1, 1, 1] });
    full.control.press('0:5');
    full.control.press('nonsense');
    const waiting = board({ seat: 1 });
    const watching = board({ seat: null });
    const over = board({ drops: [1, 2, 1, 2, 1, 2, 1] });
    for (const { control, table } of [full, waiting, watching, over]) {
      if (table !== full.table) control.press('3:0');
      expect(table.asked).toEqual([]);
    }
    expect(full.control.open.has(0)).toBe(false);
    expect(over.control.open.size).toBe(0);
  });
});

describe('the mirror', () => {
  it('says what lies where, and where a disc would land', () => {
    const { label } = board({ drops: [3, 3] });
    expect(label(3, 1)).toBe('column 3, row 1, red disc');
    expect(label(3, 2)).toBe('column 3, row 2, yellow disc, dropped last');
    expect(label(3, 3)).toBe('column 3, row 3, empty, drop here');
    expect(label(3, 4)).toBe('column 3, row 4, empty');
  });

  it('says which discs have won', () => {
    const { label } = board({ drops: [1, 2, 1, 2, 1, 2, 1] });
    expect(label(1, 4)).toBe('column 1, row 4, red disc, in the winning line');
    expect(label(2, 3)).toBe('column 2, row 3, yellow disc');
  });

  it.each([
    { columns: 7, top: 1 / 7, side: 0 },
    { columns: 10, top: 0.4, side: 0 },
    { columns: 4, top: 1 / 7, side: 3 / 14 },
  ])('lies over a board of $columns columns', ({ columns, top, side }) => {
    const { mirror } = board({ columns }).control;
    expect(mirror.rows.map(({ length }) => length)).toEqual(Array(6).fill(columns));
    expect(mirror.top).toBeCloseTo(top);
    expect(mirror.side).toBeCloseTo(side);
  });

  it('points at the column that has the focus', () => {
    const { control } = board();
    control.focus('4:2');
    expect(control.pointed).toBe(4);
    control.focus(null);
    expect(control.pointed).toBeNull();
  });
});
