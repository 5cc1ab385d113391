import { malformed, type BitReader, type BitWriter } from './bits.ts';
import type { Codec } from './codec.ts';

/** Bits that are usual: a length, elements that stay, elements that come. */
const usual = { length: 3, kept: 3, added: 0 };

/** How a list changes: elements put at its end; elements changed, put in and taken out anywhere; anew. */
const ways = ['append', 'script', 'anew'] as const;
/** One step of a script, after elements that stay. */
const steps = ['end', 'change', 'insert', 'remove'] as const;
type Step = (typeof steps)[number];
/** So far ahead an element is looked for that is not in its place. */
const reach = 16;

export interface Lists {
  readonly item: Codec;
  /** Elements. */
  readonly max: number;
}

export function listCodec({ item, max }: Lists): Codec {
  const write = (out: BitWriter, list: readonly unknown[], from = 0): void => {
    out.uint(list.length - from, from > 0 ? usual.added : usual.length);
    for (let i = from; i < list.length; i++) item.write(out, list[i]);
  };
  const read = (from: BitReader, list: unknown[] = [], k = usual.length): unknown[] => {
    const count = from.count(k, max - list.length);
    for (let i = 0; i < count; i++) list.push(item.read(from));
    return list;
  };
  return {
    write: (out, value) => write(out, value as unknown[]),
    read: (from) => read(from),
    writeChange(out, before, after) {
      const [old, made] = [before as unknown[], after as unknown[]];
      if (isAppended(item, old, made)) {
        out.bits(ways.indexOf('append'), 2);
        return write(out, made, old.length);
      }
      const script = scriptOf(item, old, made);
      const keepsNothing = script.length === old.length && script.every(({ step }) => step !== 'insert');
      out.bits(ways.indexOf(keepsNothing ? 'anew' : 'script'), 2);
      if (keepsNothing) write(out, made);
      else writeScript(out, item, script, old, made);
    },
    readChange(from, before) {
      const old = before as unknown[];
      const way = ways[from.bits(2)];
      switch (way) {
        case 'append':
          return read(from, [...old], old.length > 0 ? usual.added : usual.length);
        case 'script':
          return readScript(from, { item, max }, old);
        case 'anew':
          return read(from);
        case undefined:
          throw malformed('a list changes in no known way');
      }
    },
    equal: (a, b) =>
      a === b ||
      ((a as unknown[]).length === (b as unknown[]).length &&
        (a as unknown[]).every((element, i) => item.equal(element, (b as unknown[])[i]))),
    fits: (value) => Array.isArray(value) && value.length <= max && value.every((element) => item.fits(element)),
  };
}

const isAppended = ({ equal }: Codec, old: readonly unknown[], made: readonly unknown[]): boolean =>
  made.length > old.length && old.every((element, i) => equal(element, made[i]));

interface Planned {
  readonly kept: number;
  readonly step: Step;
  /** Where the element stands that is changed or taken out, and the one that is put there. */
  readonly from: number;
  readonly to: number;
}

/** Greedy: what is not in its place is looked for a little way ahead, on both sides. */
function scriptOf({ equal }: Codec, old: readonly unknown[], made: readonly unknown[]): Planned[] {
  const script: Planned[] = [];
  let kept = 0;
  let [from, to] = [0, 0];
  const plan = (step: Step) => {
    script.push({ kept, step, from, to });
    kept = 0;
    if (step !== 'insert') from++;
    if (step !== 'remove') to++;
  };
  while (from < old.length || to < made.length) {
    if (from < old.length && to < made.length && equal(old[from], made[to])) {
      [kept, from, to] = [kept + 1, from + 1, to + 1];
      continue;
    }
    if (from === old.length) plan('insert');
    else if (to === made.length) plan('remove');
    else {
      const { removed, inserted } = shift(equal, old, made, from, to);
      for (let i = 0; i < removed; i++) plan('remove');
      for (let i = 0; i < inserted; i++) plan('insert');
      if (removed + inserted === 0) plan('change');
    }
  }
  return script;
}

/** By how many elements taken out, or put in, the two lists come into step again; neither where they do not soon. */
function shift(
  equal: Codec['equal'],
  old: readonly unknown[],
  made: readonly unknown[],
  from: number,
  to: number,
): { removed: number; inserted: number } {
  for (let by = 1; by <= reach; by++) {
    if (from + by < old.length && equal(old[from + by], made[to])) return { removed: by, inserted: 0 };
    if (to + by < made.length && equal(old[from], made[to + by])) return { removed: 0, inserted: by };
  }
  return { removed: 0, inserted: 0 };
}

function writeScript(
  out: BitWriter,
  item: Codec,
  script: readonly Planned[],
  old: readonly unknown[],
  made: readonly unknown[],
): void {
  for (const { kept, step, from, to } of script) {
    out.bits(steps.indexOf(step), 2);
    out.uint(kept, usual.kept);
    if (step === 'insert') item.write(out, made[to]);
    else if (step === 'change') item.writeChange(out, old[from], made[to]);
  }
  out.bits(steps.indexOf('end'), 2);
}

function readScript(from: BitReader, { item, max }: Lists, old: readonly unknown[]): unknown[] {
  const list: unknown[] = [];
  let at = 0;
  for (let step = steps[from.bits(2)]!; step !== 'end'; step = steps[from.bits(2)]!) {
    const kept = from.uint(usual.kept);
    if (at + kept > old.length || (step !== 'insert' && at + kept === old.length))
      throw malformed('a change reaches past the end of a list');
    for (let i = 0; i < kept; i++) list.push(old[at++]);
    if (step === 'insert') list.push(item.read(from));
    else if (step === 'change') list.push(item.readChange(from, old[at++]));
    else at++;
    if (list.length > max) throw malformed(`a list of more than ${max} elements`);
  }
  if (list.length + old.length - at > max) throw malformed(`a list of more than ${max} elements`);
  return [...list, ...old.slice(at)];
}

/** One element a seat: as many as there are seats, so a change says which. */
export function perSeatCodec(item: Codec): Codec {
  const list = listCodec({ item, max: 16 });
  return {
    ...list,
    writeChange(out, before, after) {
      const [old, made] = [before as unknown[], after as unknown[]];
      out.bit(old.length === made.length);
      if (old.length !== made.length) return list.write(out, made);
      for (const [seat, element] of made.entries()) {
        const differs = !item.equal(old[seat], element);
        out.bit(differs);
        if (differs) item.writeChange(out, old[seat], element);
      }
    },
    readChange: (from, before) =>
      from.bit()
        ? (before as unknown[]).map((element) => (from.bit() ? item.readChange(from, element) : element))
        : list.read(from),
  };
}
