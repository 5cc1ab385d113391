/**
 * Texts. A changed one is written as edits of what it was; a new one as edits of a text that came before it in the
 * message, where that is shorter: copied runs, and between them characters left out and put in.
 */
import { malformed, widthOf, type BitReader, type BitWriter } from './bits.ts';
import type { Codec } from './codec.ts';
import { editsOf, type Edit } from './text-edits.ts';

/** Bits that are usual: a length, a copied run, what an edit leaves out and puts in. */
const usual = { length: 4, copied: 3, edited: 1 };
/** Earlier texts of the message that a text may be an edit of. */
const recent = 3;
/** Shorter texts are written as they are. */
const short = 8;
/** The characters of a text that has none others: of the text it is an edit of, of ASCII, of UTF-16. */
const alphabets = ['source', 'ascii', 'utf16'] as const;

/** @param max UTF-16 units. */
export function textCodec(max: number): Codec {
  const limited = (text: string): string => {
    if (text.length <= max) return text;
    throw malformed(`a text of ${text.length} characters where at most ${max} can be`);
  };
  return {
    write: (out, text) => writeText(out, text as string, []),
    read: (from) => limited(readText(from, [], max)),
    writeChange: (out, before, after) => writeText(out, after as string, [before as string]),
    readChange: (from, before) => limited(readText(from, [before as string], max)),
    equal: Object.is,
    fits: (value) => typeof value === 'string' && value.length <= max,
  };
}

/** Texts that nothing is known of: as they are, and not remembered. @param max UTF-16 units. */
export const literalCodec = (
  max: number,
): { readonly write: (out: BitWriter, text: string) => void; readonly read: (from: BitReader) => string } => ({
  write: writeLiteral,
  read: (from) => readLiteral(from, max),
});

/** A way to write a text: as edits of a source, or with index 0 as it is. */
interface Written {
  readonly index: number;
  readonly source: string;
  readonly edits: readonly Edit[];
  readonly cost: number;
}

/** First which text it is an edit of: 0 for none, then `sources`, then the latest texts of the message. */
function writeText(out: BitWriter, text: string, given: readonly string[]): void {
  const sources = [...given, ...latest(out.texts)];
  let best: Written = { index: 0, source: '', edits: [], cost: 9 + text.length * 7 };
  for (const [index, source] of text.length < short ? [] : sources.entries()) {
    const edits = editsOf(source, text);
    const cost = costOf(edits);
    if (cost < best.cost) best = { index: index + 1, source, edits, cost };
  }
  out.bits(best.index, widthOf(sources.length + 1));
  if (best.index === 0) writeLiteral(out, text);
  else writeEdits(out, best.source, best.edits);
  remember(out.texts, text);
}

function readText(from: BitReader, given: readonly string[], max: number): string {
  const sources = [...given, ...latest(from.texts)];
  const index = from.bits(widthOf(sources.length + 1));
  if (index > sources.length) throw malformed('it repeats a text that is not there');
  const text = index === 0 ? readLiteral(from, max) : readEdits(from, sources[index - 1]!, max);
  remember(from.texts, text);
  return text;
}

const latest = (texts: readonly string[]): readonly string[] => texts.slice(-recent).toReversed();
const remember = (texts: string[], text: string): void => {
  if (text.length > 0 && texts.at(-1) !== text) texts.push(text);
};

function writeLiteral(out: BitWriter, text: string): void {
  out.uint(text.length, usual.length);
  if (text.length > 0) writeCharacters(out, '', text);
}

function readLiteral(from: BitReader, max: number): string {
  const length = from.count(usual.length, max);
  return length > 0 ? readCharacters(from, '', length) : '';
}

/** What follows the last edit is copied to the end. */
function writeEdits(out: BitWriter, source: string, edits: readonly Edit[]): void {
  out.uint(edits.length, usual.edited);
  const added = edits.map((edit) => edit.added).join('');
  for (const edit of edits) {
    out.uint(edit.copied, usual.copied);
    out.uint(edit.removed, usual.edited);
    out.uint(edit.added.length, usual.edited);
  }
  if (added.length > 0) writeCharacters(out, source, added);
}

function readEdits(from: BitReader, source: string, max: number): string {
  const edits = Array.from({ length: from.count(usual.edited, max + source.length) }, () => ({
    copied: from.uint(usual.copied),
    removed: from.uint(usual.edited),
    added: from.uint(usual.edited),
  }));
  const length = edits.reduce((sum, { added }) => sum + added, 0);
  if (length > max) throw malformed('edits put in more than a text can have');
  const added = length > 0 ? readCharacters(from, source, length) : '';
  let text = '';
  let at = 0;
  let put = 0;
  for (const edit of edits) {
    text += source.slice(at, at + edit.copied) + added.slice(put, put + edit.added);
    at += edit.copied + edit.removed;
    put += edit.added;
  }
  if (at > source.length) throw malformed('edits reach past the end of a text');
  return text + source.slice(at);
}

function writeCharacters(out: BitWriter, source: string, text: string): void {
  const known = charactersOf(source);
  const alphabet = alphabetOf(known, text);
  out.bits(alphabets.indexOf(alphabet), 2);
  const width = widthIn(alphabet, known);
  for (let i = 0; i < text.length; i++)
    out.bits(alphabet === 'source' ? known.indexOf(text[i]!) : text.charCodeAt(i), width);
}

function readCharacters(from: BitReader, source: string, length: number): string {
  const known = charactersOf(source);
  const alphabet = alphabets[from.bits(2)];
  if (!alphabet) throw malformed('a text of unknown characters');
  const width = widthIn(alphabet, known);
  let text = '';
  for (let i = 0; i < length; i++) {
    const code = from.bits(width);
    const character = alphabet === 'source' ? known[code] : String.fromCharCode(code);
    if (character === undefined) throw malformed('a character that its source has not');
    text += character;
  }
  return text;
}

type Alphabet = (typeof alphabets)[number];

function alphabetOf(known: readonly string[], text: string): Alphabet {
  let alphabet: Alphabet = known.length > 0 && known.length <= 64 ? 'source' : 'ascii';
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return 'utf16';
    if (!known.includes(text[i]!)) alphabet = 'ascii';
  }
  return alphabet;
}
const widthIn = (alphabet: Alphabet, known: readonly string[]): number =>
  alphabet === 'source' ? widthOf(known.length) : alphabet === 'ascii' ? 7 : 16;
/** In the order of their first use. */
const charactersOf = (source: string): readonly string[] => [...new Set(source.split(''))];

/** About as many bits as they take: good enough to choose by. */
const costOf = (edits: readonly Edit[]): number => edits.reduce((sum, { added }) => sum + 9 + added.length * 6, 0);
