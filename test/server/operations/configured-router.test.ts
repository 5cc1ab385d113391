import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { expect, test } from 'vitest';
import { connectWebSocket, errors, join, type Dict, type Session } from '../../../protocol/index.ts';
import { readConfiguration } from '../../../server/operations/configuration-file.ts';
import { startConfiguredRouter } from '../../../server/operations/configured-router.ts';

const yaml = `
realms:
  - name: realm1
    history:
      - { uri: com.news.*, limit: 2 }
    roles:
      - name: anonymous
        limits: { testaments: 1 }
        permissions:
          - { uri: com.*, allow: [publish, subscribe], patterns: [exact, prefix], trustlevel: 3, retain: false }
          - { uri: com.kept.*, allow: [publish, subscribe] }
          - { uri: wamp.*, allow: [call] }
    authentication:
      anonymous: {}
transports:
  - port: 0
    websocket: {}
`;

test('a configuration file says what is retained, kept as history, trusted, and how much of it a session may have', async () => {
  const path = joinPath(mkdtempSync(joinPath(tmpdir(), 'realmkit-')), 'router.yaml');
  writeFileSync(path, yaml);
  const router = await startConfiguredRouter(await readConfiguration(path));
  try {
    const session = await join(await connectWebSocket(router.urls[0]!), { realm: 'realm1' });
    for (const value of [1, 2, 3]) await session.publish('com.news.today', [value], {}, { acknowledge: true });
    const [id] = (await session.call('wamp.subscription.lookup', ['com.news.', { match: 'prefix' }])).args;
    const past = await session.call('wamp.subscription.get_events', [id]);
    expect(past.args).toMatchObject([2, 3].map((value) => ({ args: [value], details: { trustlevel: 3 } })));

    const retained = (topic: string) => session.publish(topic, [1], {}, { acknowledge: true, retain: true });
    await expect(retained('com.other')).rejects.toMatchObject({ uri: errors.optionNotAllowed });
    await retained('com.kept.x');
    const details = await new Promise<Dict>((resolve) => {
      void session.subscribe('com.kept.x', (event) => resolve(event.details), { get_retained: true });
    });
    expect(details).toEqual({ retained: true });

    const testament = () => session.call('wamp.session.add_testament', ['com.last', [], {}]);
    await testament();
    await expect(testament()).rejects.toMatchObject({ uri: errors.limitReached });
  } finally {
    await router.stop();
  }
});

test('a configuration file says how much may come from outside: for all, and for a role', async () => {
  const path = joinPath(mkdtempSync(joinPath(tmpdir(), 'realmkit-')), 'router.yaml');
  const limits = 'limits: { messagesPerSecond: 1, messageBurst: 3, maxConnections: 2 }';
  const busy = 'limits: { messagesPerSecond: 100, messageBurst: 3 }';
  writeFileSync(path, `${yaml.replace('limits: { testaments: 1 }', busy)}${limits}\n`);
  const router = await startConfiguredRouter(await readConfiguration(path));
  const visit = async (): Promise<Session> => join(await connectWebSocket(router.urls[0]!), { realm: 'realm1' });
  try {
    const session = await visit();
    await visit();
    await expect(visit()).rejects.toThrow();
    for (let turn = 0; turn < 10; turn++) void session.publish('com.any').catch(() => {});
    const { reason, message } = await session.closed;
    expect([reason, message]).toEqual([
      errors.limitReached,
      expect.stringMatching(/^more than 100 messages a second, or 3 at once, at /),
    ]);
  } finally {
    await router.stop();
  }
});
