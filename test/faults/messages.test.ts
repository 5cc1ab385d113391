/** What single messages cannot say: claims, and conversations that no client of ours has, with a whole game server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errors } from '../../protocol/index.ts';
import { Attacker, roles, type Heard } from './attacker.ts';
import { gameServer, realm } from './server.ts';

let server: Awaited<ReturnType<typeof gameServer>>;
beforeAll(async () => {
  server = await gameServer();
});
afterAll(() => server.stop());

const abort = (message: string): Heard => ['abort', errors.protocolViolation, message];

it('a claim to be somebody is not believed', async () => {
  const attacker = await Attacker.connect(server.url);
  const claim = { authid: server.victims[0], authrole: 'authority', authmethods: ['anonymous'] };
  attacker.say([1, realm, { roles, ...claim }]);
  const welcome = await attacker.next();
  if (welcome?.type !== 'welcome') throw new Error('not welcome');
  expect(welcome.details.authrole).toBe('player');
  expect(server.victims).not.toContain(welcome.details.authid);
  await attacker.leave();
});

it('goodbye and hello again on one connection make another guest each time', async () => {
  const attacker = await Attacker.connect(server.url);
  const authids = new Set<string>();
  for (let turn = 0; turn < 50; turn++) {
    await attacker.hello();
    authids.add(attacker.authid);
    attacker.say([32, 1, {}, 'lobby.matches']);
    expect(await attacker.heard()).toEqual(['subscribed']);
    attacker.say([6, {}, 'wamp.close.close_realm']);
    while ((await attacker.next())?.type !== 'goodbye');
  }
  expect(authids.size).toBe(50);
  attacker.say([48, 2, {}, 'lobby.list']);
  expect(await attacker.heard()).toEqual(abort('call before hello'));
  await server.healthy();
});

it('nothing is read after an abort', async () => {
  const attacker = await Attacker.guest(server.url);
  const { uris } = server;
  attacker.say('garbage');
  for (let request = 1; request < 100; request++) attacker.say([48, request, {}, uris.join, [], { form: 'json' }]);
  expect(await attacker.heard()).toEqual(abort('a message is not JSON'));
  expect(await attacker.heard()).toEqual(['closed']);
  await server.healthy();
});
