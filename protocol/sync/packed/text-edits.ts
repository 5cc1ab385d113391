/** One place of a text where it differs from another: after a copied run, characters left out and others put in. */
export interface Edit {
  readonly copied: number;
  readonly removed: number;
  readonly added: string;
}

/** What an edit costs beside the characters it puts in, in characters: short runs in common are not worth one. */
const editCost = 2;
/** Larger differences are one edit: finding the best ones takes time with the product of their lengths. */
const mostCells = 4096;
/** More than anything costs. */
const never = 2 ** 15;

/** The edits that make `after` of `before`; the rest after the last one is copied. */
export function editsOf(before: string, after: string): readonly Edit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const [old, made] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (old === '' && made === '') return [];
  if ((old.length + 1) * (made.length + 1) > mostCells) return [{ copied: start, removed: old.length, added: made }];
  return cheapest(old, made).map((edit, index) => (index === 0 ? { ...edit, copied: edit.copied + start } : edit));
}

/**
 * Cost from each pair of positions to the end, when an edit is open there and when none is. A step copies a character,
 * or takes one out or puts one in within an edit.
 */
function cheapest(old: string, made: string): Edit[] {
  const [rows, columns] = [old.length, made.length];
  const width = columns + 1;
  const open = new Uint16Array((rows + 1) * width);
  const closed = new Uint16Array((rows + 1) * width);
  for (let i = rows; i >= 0; i--) {
    const removed = old.charCodeAt(i);
    for (let j = i === rows ? columns - 1 : columns; j >= 0; j--) {
      const at = i * width + j;
      const remove = i < rows ? open[at + width]! : never;
      const add = j < columns ? open[at + 1]! + 1 : never;
      const edit = remove < add ? remove : add;
      const copy = i < rows && j < columns && removed === made.charCodeAt(j) ? closed[at + width + 1]! : never;
      open[at] = copy < edit ? copy : edit;
      closed[at] = copy < edit + editCost ? copy : edit + editCost;
    }
  }
  return walk(old, made, (i, j) => [open[i * width + j]!, closed[i * width + j]!]);
}

function walk(
  old: string,
  made: string,
  costs: (i: number, j: number) => readonly [open: number, closed: number],
): Edit[] {
  const edits: { copied: number; removed: number; added: string }[] = [];
  let copied = 0;
  let isOpen = false;
  for (let i = 0, j = 0; i < old.length || j < made.length;) {
    const cost = costs(i, j)[isOpen ? 0 : 1];
    if (i < old.length && old[i] === made[j] && cost === costs(i + 1, j + 1)[1]) {
      [isOpen, copied, i, j] = [false, copied + 1, i + 1, j + 1];
      continue;
    }
    if (!isOpen) edits.push({ copied, removed: 0, added: '' });
    const edit = edits.at(-1)!;
    const paid = isOpen ? 0 : editCost;
    [isOpen, copied] = [true, 0];
    if (i < old.length && cost === costs(i + 1, j)[0] + paid) {
      edit.removed++;
      i++;
    } else {
      edit.added += made[j++];
    }
  }
  return edits;
}
