/** A client of a Colyseus room that costs the load little: takes a seat, acknowledges, and decodes nothing. */
import { encode } from '@msgpack/msgpack';
import { Agent, request } from 'node:http';
import { open, type Peer } from './peer.ts';

/** In the first byte of a message. */
const codeBits = 0x1f;
const codes = { joinRoom: 10, roomData: 13, roomState: 14 };
/** One connection for the requests of many joins, as browsers keep it. */
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

export interface Entered {
  readonly peer: Peer;
  readonly roomId: string;
  /** The whole state as it came. */
  readonly state: Buffer;
}

/** One room of a name for all, a new one, or that of an id. */
export type Which = 'joinOrCreate' | 'create' | 'joinById';

/** Resolves with the first whole state. @param room its name or, for `joinById`, its id. */
export async function entered(
  host: string,
  room: string,
  options: object = {},
  which: Which = 'joinOrCreate',
): Promise<Entered> {
  const path = `/matchmake/${which}/${room}`;
  const { processId, roomId, sessionId } = await reserved(host, path, options);
  const peer = await open(`ws://${host}/${processId}/${roomId}?sessionId=${sessionId}`);
  await heard(peer, codes.joinRoom);
  const state = heard(peer, codes.roomState);
  peer.send(Uint8Array.of(codes.joinRoom));
  return { peer, roomId, state: await state };
}

/** What `room.send(type, message)` of its SDK sends. */
export function roomMessage(type: string, message: object): Uint8Array {
  const name = Buffer.from(type);
  return Buffer.concat([Uint8Array.of(codes.roomData, 0xa0 | name.length), name, encode(message)]);
}

const heard = (peer: Peer, code: number) => peer.next((byte) => (byte & codeBits) === code);

interface Reserved {
  readonly processId: string;
  readonly roomId: string;
  readonly sessionId: string;
}

function reserved(host: string, path: string, options: object): Promise<Reserved> {
  const [hostname, port] = host.split(':') as [string, string];
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as Reserved);
        else reject(new Error(`${path} answered ${response.statusCode}: ${text}`));
      });
    });
    asked.on('error', reject).end(JSON.stringify(options));
  });
}
