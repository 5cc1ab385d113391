/** Another process that wants a store: prints why it may not write it, what it reads, and why it may not write that. */
import { openSqliteStore } from '../../../server/store/sqlite/sqlite-store.ts';

const file = process.argv[2]!;
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
await openSqliteStore(file).catch((error: unknown) => console.log(messageOf(error)));
const reader = await openSqliteStore(file, { readOnly: true });
console.log((await reader.list()).map(({ record }) => record.id).join());
await reader.remove('m1').catch((error: unknown) => console.log(messageOf(error)));
await reader.close();
