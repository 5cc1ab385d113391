/** A process of its own that answers the calls of the bench: whoever makes them is not kept from it by making more. */
import { calleeOn } from './calls.ts';

const [, , host = ''] = process.argv;
await calleeOn(host);
process.send?.('registered');
process.on('disconnect', () => process.exit());
