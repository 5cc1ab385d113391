/**
 * A peer in a process of its own, to be killed: serves `com.slow` without ever answering, calls it, or hears `com.news`.
 * It needs nothing of ours, so that it starts at once.
 */
import { connect } from 'node:net';

const [transport, part, port] = process.argv.slice(2);
const request = {
  callee: [64, 1, {}, 'com.slow'],
  caller: [48, 1, {}, 'com.slow'],
  subscriber: [32, 1, {}, 'com.news'],
}[part!];
const features = { call_canceling: true };
const hello = [1, 'realm1', { roles: { caller: { features }, callee: { features }, subscriber: {} } }];
const [welcome, invocation] = [2, 68];

let say: (message: unknown) => void = () => {};
let session = 0;
function hear(text: string): void {
  const [code, id] = JSON.parse(text) as [number, number];
  if (code === welcome) {
    session = id;
    say(request);
    if (part === 'caller') process.send?.(session); // nobody will answer it
  } else process.send?.(code === invocation ? 'called' : session);
}

if (transport === 'WebSocket') {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'wamp.2.json');
  say = (message) => socket.send(JSON.stringify(message));
  socket.addEventListener('message', ({ data }) => hear(String(data)));
  socket.addEventListener('open', () => say(hello));
} else {
  const socket = connect(Number(port), '127.0.0.1');
  const header = Buffer.alloc(4);
  say = (message) => {
    const text = JSON.stringify(message);
    header.writeUInt32BE(text.length);
    socket.write(Buffer.concat([header, Buffer.from(text)]));
  };
  let bytes = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    bytes = Buffer.concat([bytes, piece]);
    if (bytes[0] === 0x7f) bytes = bytes.subarray(4); // the handshake
    for (
      let end = 0;
      bytes.length >= 4 && bytes.length >= (end = 4 + bytes.readUIntBE(1, 3));
      bytes = bytes.subarray(end)
    )
      hear(bytes.toString('utf8', 4, end));
  });
  socket.write(Buffer.from('7ff10000', 'hex'));
  say(hello);
}
process.on('disconnect', () => process.exit());
