import { expect, test } from 'vitest';
import { asciiText } from '../../../protocol/wamp/texts.ts';

const textOf = (text: string) => asciiText(Buffer.from(`"${text}"`), 1, Buffer.byteLength(text) + 1);

test('more texts than are remembered are each read as they are, again and again', () => {
  const texts = Array.from({ length: 20_000 }, (_, i) => `game.match.${i}.${'x'.repeat(i % 9)}`);
  for (const text of [...texts, ...texts]) expect(textOf(text)).toBe(text);
});

test('a text is read as it is, however long', () => {
  for (let length = 0; length <= 128; length++)
    expect(textOf('abcdefg'.repeat(20).slice(0, length))).toHaveLength(length);
});

test('what is not ASCII is left alone, wherever it stands', () => {
  for (let at = 0; at < 12; at++) expect(textOf(`${'a'.repeat(at)}\u{e9}${'b'.repeat(11 - at)}`)).toBeUndefined();
});

test('a text outlives the bytes that it was read from', () => {
  const bytes = Buffer.from('a.text.that.is.overwritten');
  const read = () => asciiText(bytes, 0, bytes.length);
  expect(read()).toBe('a.text.that.is.overwritten');
  bytes.fill('z');
  expect(read()).toBe('z'.repeat(bytes.length));
});
