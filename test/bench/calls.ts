/** Calls of one caller to one callee, 64 in flight: through the router, or relayed by plain `ws`. */
import type { RawData, WebSocket } from 'ws';
import type { Case, Figures } from './cases.ts';
import { answered, close, joined, opened, secondOf } from './wire.ts';

const inFlight = 64;
const durationMs = 1_500;
const payload = 'x'.repeat(100);

export const calls: Case = {
  async ours(url) {
    const [callee, caller] = [await joined(router(url)), await joined(router(url))];
    await answered(callee, JSON.stringify([64, 1, {}, 'com.example.echo']));
    const figures = await drive(caller, callee);
    await answered(callee, JSON.stringify([6, {}, 'wamp.close.close_realm'])); // the next round registers anew
    await close(caller, callee);
    return figures;
  },
  async plain(url) {
    const [callee, caller] = [await opened(`${url}/relay`), await opened(`${url}/relay`)];
    const figures = await drive(caller, callee);
    await close(caller, callee);
    return figures;
  },
};

const router = (url: string): string => (JSON.parse(url) as { router: string }).router;

/** The callee answers INVOCATION, or the CALL itself where it is relayed, with YIELD. */
function drive(caller: WebSocket, callee: WebSocket): Promise<Figures> {
  let request = 0;
  let done = 0;
  const call = () => caller.send(`[48,${++request},{},"com.example.echo",["${payload}"]]`);
  callee.on('message', (data: RawData) => callee.send(`[70,${secondOf(data as Buffer)},{},["${payload}"]]`));
  const start = performance.now();
  return new Promise((resolve) => {
    caller.on('message', () => {
      done += 1;
      const ms = performance.now() - start;
      if (ms < durationMs) call();
      else if (done === request) resolve({ operations: done, ms });
    });
    for (let i = 0; i < inFlight; i++) call();
  });
}
