/** Every client in each serializer. */
import { autobahnJs, autobahnPython, realmkit, wampy, type Client, type SerializerName } from './clients/index.ts';

export interface End {
  readonly client: Client;
  readonly serializer: SerializerName;
  /** Says why, when the client is not here. */
  readonly title: string;
  readonly missing: boolean;
}

export const serializerNames: readonly SerializerName[] = ['json', 'msgpack'];

export const ends: readonly End[] = [realmkit, autobahnJs, wampy, autobahnPython].flatMap((client) =>
  serializerNames.map((serializer) => ({
    client,
    serializer,
    title: titleOf(client, serializer),
    missing: client.missing !== undefined,
  })),
);

function titleOf({ name, missing }: Client, serializer: SerializerName): string {
  return `${name} ${serializer}${missing === undefined ? '' : ` (${missing})`}`;
}
