/** Which serializer a peer gets, by the subprotocols it offers. WAMP "WebSocket Transport", "Long-Poll Transport". */
import { batched, serializers as always, type Serializer } from '../../protocol/index.ts';

/** The first of the peer's list that we have, plain or batched: its order decides. */
export function chooseSerializer(
  offered: Iterable<unknown>,
  serializers: readonly Serializer[] = always,
): Serializer | undefined {
  const ours = serializers.flatMap((serializer) => [serializer, batched(serializer)]);
  for (const subprotocol of offered) {
    const serializer = ours.find((candidate) => candidate.subprotocol === subprotocol);
    if (serializer) return serializer;
  }
  return undefined;
}

/** For those who offered none of ours. */
export const offerOneOf = (serializers: readonly Serializer[] = always): string =>
  `Offer one of the subprotocols ${serializers.map(({ subprotocol }) => subprotocol).join(', ')}.`;
