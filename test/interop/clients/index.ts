/** The clients that the tests put together. */
export { autobahnJs } from './autobahn.ts';
export type { Client, Payload, Peer, SerializerName } from './client.ts';
export { autobahnPython, python, pythonMissing, script } from './python.ts';
export { realmkit } from './realmkit.ts';
export { wampy } from './wampy.ts';
