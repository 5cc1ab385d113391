import { isEncoded, type Message, type Serializer } from '../../protocol/index.ts';

/**
 * A message at the end of what `open` returns, which may have room before it for so many bytes: a frame's header, say.
 * A payload that is still encoded goes in as it is.
 */
export function encodeInto(serializer: Serializer, message: Message, open: (length: number) => Buffer): Buffer {
  if (serializer.raw && isEncoded(message)) return serializer.raw.write(message, open);
  const encoded = serializer.encode(message);
  const length = Buffer.byteLength(encoded);
  const into = open(length);
  if (typeof encoded === 'string') into.write(encoded, into.length - length);
  else into.set(encoded, into.length - length);
  return into;
}
