/** A component written in Python, called from a browser's kind of client. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBareRouter, type BareRouter } from './bare-router.ts';
import { autobahnJs, python, pythonMissing, realmkit, script } from './clients/index.ts';
import { serializerNames } from './ends.ts';

let router: BareRouter;
beforeAll(async () => {
  router = await startBareRouter();
});
afterAll(() => router.stop());

const reason = pythonMissing === undefined ? '' : ` (${pythonMissing})`;

describe.skipIf(pythonMissing !== undefined).each(serializerNames)(
  `a Python component on %s${reason}`,
  (serializer) => {
    let component: ChildProcess;
    beforeAll(async () => {
      component = spawn(python, [script('mover.py'), router.url, serializer], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(component.stdout!, 'data'); // it says that it has registered
    });
    afterAll(async () => {
      component.kill();
      await once(component, 'exit');
    });

    const callers = [realmkit, autobahnJs].flatMap((client) => serializerNames.map((spoken) => ({ client, spoken })));
    test.each(callers)(
      '$client.name on $spoken calls move(x, y, z=0, mean=None) with [3, 5] and {mean}',
      async ({ client, spoken }) => {
        const caller = await client.connect(router.url, spoken);
        const answer = await caller.call('com.example.move', { args: [3, 5], kwargs: { mean: 'roulades' } });
        expect(answer.args).toEqual(['moved to (3, 5, 0) by roulades']);
        await caller.leave();
      },
    );

    test.each(serializerNames)('[Serializers] bytes arrive as bytes, from %s and back', async (spoken) => {
      const caller = await realmkit.connect(router.url, spoken);
      const answer = await caller.call('com.example.reverse', { args: [new Uint8Array([0, 1, 128, 255])], kwargs: {} });
      expect(answer.args).toEqual([new Uint8Array([255, 128, 1, 0])]);
      await caller.leave();
    });

    test('its own complaint about missing arguments comes back as an error', async () => {
      const caller = await realmkit.connect(router.url, serializer);
      const error = await caller.call('com.example.move', { args: [3], kwargs: {} }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: expect.stringContaining("missing 1 required positional argument: 'y'") });
      await caller.leave();
    });
  },
);
