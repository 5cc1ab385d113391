/** A process that joins so many sessions, says so, and holds them until its parent lets it go. */
import { joined, many } from './calls.ts';

const [host, count] = process.argv.slice(2);
process.on('disconnect', () => process.exit());
await many(Number(count), () => joined(host!));
process.send?.('all are there');
