import { isEncoded, type Message, type Serializer, type Span } from '../../protocol/index.ts';

/**
 * A message at the end of what `open` returns, which may have room before it: for a frame's header, say. A payload that
 * is still encoded goes in as it is.
 */
export function encodeInto(serializer: Serializer, message: Message, open: (length: number) => Span): Span {
  if (serializer.raw && isEncoded(message)) return serializer.raw.write(message, open);
  const encoded = serializer.encode(message);
  const length = Buffer.byteLength(encoded);
  const into = open(length);
  const at = into.end - length;
  if (typeof encoded === 'string') utf8.encodeInto(encoded, into.whole.subarray(at, into.end));
  else into.whole.set(encoded, at);
  return into;
}
const utf8 = new TextEncoder();
