import { concealed, isConcealed } from '../../schema/concealed.ts';
import { malformed, widthOf } from './bits.ts';
import type { Codec } from './codec.ts';

/** What may stand in a place of a schema: a value of it, or one of these instead. */
export type Stand = 'value' | 'null' | 'absent' | 'concealed';

const instead = { null: null, absent: undefined, concealed } as const;

/** A value, where something else may stand in its place; what stands there is written first, in as few bits as tell it. */
export function placeCodec(codec: Codec, stands: readonly Stand[]): Codec {
  const [only] = stands;
  if (stands.length === 1 && only === 'value') return codec;
  const has = (stand: Stand) => stands.includes(stand);
  const standOf = (value: unknown): Stand => {
    if (value === null && has('null')) return 'null';
    if (value === undefined && has('absent')) return 'absent';
    return has('concealed') && (!has('value') || isConcealed(value)) ? 'concealed' : 'value';
  };
  /** What may follow: what stands for no value is not followed by itself. */
  const after = (stand: Stand) => (stand === 'value' ? stands : stands.filter((other) => other !== stand));
  const read = (from: Parameters<Codec['read']>[0], choices: readonly Stand[]): Stand => {
    const stand = choices[from.bits(widthOf(choices.length))];
    if (stand) return stand;
    throw malformed('something unknown stands for a value');
  };
  return {
    write(out, value) {
      const stand = standOf(value);
      out.bits(stands.indexOf(stand), widthOf(stands.length));
      if (stand === 'value') codec.write(out, value);
    },
    read(from) {
      const stand = read(from, stands);
      return stand === 'value' ? codec.read(from) : instead[stand];
    },
    writeChange(out, before, made) {
      const [was, stand] = [standOf(before), standOf(made)];
      const choices = after(was);
      out.bits(choices.indexOf(stand), widthOf(choices.length));
      if (stand !== 'value') return;
      if (was === 'value') codec.writeChange(out, before, made);
      else codec.write(out, made);
    },
    readChange(from, before) {
      const was = standOf(before);
      const stand = read(from, after(was));
      if (stand !== 'value') return instead[stand];
      return was === 'value' ? codec.readChange(from, before) : codec.read(from);
    },
    equal(a, b) {
      const stand = standOf(a);
      return stand === standOf(b) && (stand !== 'value' || codec.equal(a, b));
    },
    fits(value) {
      const stand = standOf(value);
      return stand === 'value' ? codec.fits(value) : stand !== 'concealed' || isConcealed(value);
    },
  };
}

/**
 * A place that is not written, and always reads as the same: `concealed`, or nothing where a field does not even exist for
 * others. Both the value and what others see of it fit.
 */
export const unseen = ({ fits }: Codec, seen: typeof concealed | undefined): Codec => ({
  write: () => {},
  read: () => seen,
  writeChange: () => {},
  readChange: () => seen,
  equal: () => true,
  fits: (value) => value === seen || fits(value),
});
