/** Events of one publisher to 100 subscribers: by the broker, or by plain `ws` writing a ready event to every socket. */
import type { WebSocket } from 'ws';
import type { Case, Figures } from './cases.ts';
import { answered, close, joined, opened } from './wire.ts';

const subscribers = 100;
/** Publications that not all have received. */
const inFlight = 16;
const durationMs = 1_500;
const payload = 'x'.repeat(150);

/** As the broker sends it. */
export const eventText = `[36,1,1234567890123456,{},["${payload}"]]`;

export const fanOut: Case = {
  async ours(url) {
    const { router } = JSON.parse(url) as { router: string };
    const publisher = await joined(router);
    const audience = await many(() => joined(router));
    await Promise.all(audience.map((socket) => answered(socket, '[32,1,{},"com.example.news"]')));
    return drive(publisher, audience);
  },
  plain: (url) => plain(url, '/publisher'),
};

/** The same, with a frame made once and written to the bare streams: the least that a server can do. */
export const builtFrame: Case = { ours: fanOut.ours, plain: (url) => plain(url, '/publisher/frame') };

async function plain(url: string, path: string): Promise<Figures> {
  const publisher = await opened(url + path);
  return drive(publisher, await many(() => opened(`${url}/subscriber`)));
}

const many = (open: () => Promise<WebSocket>) => Promise.all(Array.from({ length: subscribers }, open));

async function drive(publisher: WebSocket, audience: readonly WebSocket[]): Promise<Figures> {
  const figures = await new Promise<Figures>((resolve) => {
    let published = 0;
    let received = 0;
    const publish = () => publisher.send(`[16,${++published},{},"com.example.news",["${payload}"]]`);
    const start = performance.now();
    const onEvent = () => {
      received += 1;
      if (received % subscribers !== 0) return;
      const ms = performance.now() - start;
      if (ms < durationMs) publish();
      else if (received === published * subscribers) resolve({ operations: received, ms });
    };
    for (const socket of audience) socket.on('message', onEvent);
    for (let i = 0; i < inFlight; i++) publish();
  });
  await close(publisher, ...audience);
  return figures;
}
