/** The messages of the cases, as text: load and ceiling write them, so that neither pays for a library of ours. */
export const payloadOf = (bytes: number): string => 'x'.repeat(bytes - 4);
const payload = payloadOf(32);

/** As the router sends it: ["…"] are 32 bytes. */
export const eventText = `[36,1,1234567890123456,{},["${payload}"]]`;

const roles = { caller: {}, callee: {}, publisher: {}, subscriber: {} };
export const hello = JSON.stringify([1, 'realm1', { roles }]);
export const register = (request: number, uri: string, match = 'exact'): string =>
  JSON.stringify([64, request, match === 'exact' ? {} : { match }, uri]);
export const subscribe = (request: number, uri: string, match = 'exact'): string =>
  JSON.stringify([32, request, match === 'exact' ? {} : { match }, uri]);
export const call = (request: number, uri: string, text = payload): string => `[48,${request},{},"${uri}",["${text}"]]`;
export const yielded = (request: number, text = payload): string => `[70,${request},{},["${text}"]]`;
export const publish = (request: number, uri: string, text = payload): string =>
  `[16,${request},{},"${uri}",["${text}"]]`;

/** The number after a message's code: `[68,17,…` is 17. */
export function secondOf(data: Buffer, start: number): number {
  let value = 0;
  for (let at = start + 4; data[at] !== 0x2c; at++) value = value * 10 + data[at]! - 0x30;
  return value;
}
