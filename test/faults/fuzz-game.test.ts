/** Whatever guests say, in whatever order: nothing of ours fails, and the match of others goes on. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { gameUris, serializers } from '../../protocol/index.ts';
import { messageOfEveryType } from '../protocol/wamp/arbitrary-message.ts';
import { Attacker, roles } from './attacker.ts';
import { oddValue } from './odd-values.ts';
import { gameServer, realm } from './server.ts';

let server: Awaited<ReturnType<typeof gameServer>>;
beforeAll(async () => {
  server = await gameServer();
});
afterAll(() => server.stop());

const games = ['secret', 'connect_four', 'chess', 'rally'] as const;
/** In a URI, where the prefix of a fresh match of a game goes; `healthy` is the match that must go on. */
const places = [...games, 'healthy'].map((game) => `{${game}}`);

/** Fresh matches, one a game. @returns what says their URIs. */
async function freshMatches(): Promise<(uri: string) => string> {
  const host = await server.guest();
  const prefixes = new Map<string, string>([['{healthy}', server.uris.prefix]]);
  for (const game of games) {
    const { args } = await host.call('lobby.create', [], { game });
    prefixes.set(`{${game}}`, gameUris(game).match((args[0] as { match: string }).match).prefix);
  }
  await host.leave();
  return (uri) => uri.replace(/^\{\w+\}/, (place) => prefixes.get(place) ?? place);
}

const [json] = serializers;
const anyMessage = fc.oneof(...messageOfEveryType.map(({ arbitrary }) => arbitrary));

/** A request by its code and what follows its id; ids are counted when it is said, or else the first would end it all. */
type Said = { readonly request: readonly [code: number, ...rest: unknown[]] } | { readonly wire: unknown };

const names = [
  'join',
  'leave',
  'sync',
  'offer',
  'answer',
  'close',
  'state.json',
  'move.drop',
  'move.move',
  'move.draw',
  'move.pick',
  'move.shout',
  'move.hit',
  'move.say',
  'move.resign',
  'move.constructor',
  'move',
  '',
];
const elsewhere = [
  'lobby.quick',
  'lobby.create',
  'lobby.list',
  'lobby.find',
  'lobby.matches',
  'game.rally.create',
  'game.',
  'bot.rally.play',
  'wamp.session.list',
  'player.a.b',
  'authority.match',
  '',
  '.',
  '...',
  '__proto__',
  'lobby.constructor',
];
const uri = () =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constantFrom(...places), fc.constantFrom(...names)).map((parts) => parts.join('')),
    },
    { weight: 2, arbitrary: fc.constantFrom(...elsewhere) },
    { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
  );
const words = ['json', 'rematch', 'computer', 'friend', 'rally', 'chess', 'a2', 'a4', '\u0000?', 'constructor'];
const value = oddValue([1, ...words], { maxDepth: 5 });
const key = fc.constantFrom(
  'form',
  'seat',
  'seats',
  'fingerprint',
  'since',
  'what',
  'accept',
  'id',
  'seen',
  'game',
  'options',
  'opponent',
  'match',
  'players',
  'listed',
  'column',
  'card',
  'word',
  'from',
  'to',
  'promotion',
  'constructor',
  'toString',
  'x',
);
const sane = fc.constantFrom<object>(
  { form: 'json' },
  { form: 'json', seat: 0 },
  { form: 'json', seat: 1 },
  { form: 'json', seat: null },
  {},
  { what: 'rematch' },
  { what: 'rematch', accept: true },
  { game: 'rally' },
  { game: 'secret', opponent: 'friend' },
  { game: 'rally', opponent: 'computer', seat: 1 },
);
const dict = fc.oneof(sane, fc.dictionary(key, value, { maxKeys: 4 }));
const args = fc.oneof(
  fc.constantFrom<readonly unknown[]>([], [{}], [{ column: 3 }], [{ card: 1000 }], [{ from: 'e2', to: 'e4' }]),
  fc.array(fc.oneof(dict, value), { maxLength: 3 }),
);
const options = fc.record(
  {
    match: fc.constantFrom('exact', 'prefix', 'wildcard'),
    invoke: fc.constantFrom('single', 'roundrobin', 'random'),
    mode: fc.constantFrom('skip', 'kill', 'killnowait'),
    acknowledge: fc.boolean(),
    exclude_me: fc.boolean(),
    eligible_authid: fc.array(fc.string(), { maxLength: 2 }),
    receive_progress: fc.boolean(),
    disclose_me: fc.boolean(),
    timeout: fc.nat(),
  },
  { requiredKeys: [] },
);
const id = fc.integer({ min: 1, max: 8 });

const request = (code: number, ...rest: fc.Arbitrary<unknown>[]) =>
  fc.tuple(...rest).map((parts): Said => ({ request: [code, ...parts] }));
/** A call that may well succeed. */
const sensible = fc
  .oneof(
    fc.tuple(
      fc.constantFrom(...places),
      fc.constant('join'),
      fc.constant([]),
      fc.constantFrom({ form: 'json' }, { form: 'json', seat: 1 }),
    ),
    fc.tuple(fc.constantFrom(...places), fc.constantFrom('sync', 'leave'), fc.constant([]), fc.constant({})),
    fc.tuple(
      fc.constantFrom(...places),
      fc.constantFrom('offer', 'answer'),
      fc.constant([]),
      fc.record(
        { what: fc.constantFrom('rematch', 'draw', 'takeback'), accept: fc.boolean() },
        { requiredKeys: ['what'] },
      ),
    ),
    fc.tuple(
      fc.constant('{connect_four}'),
      fc.constant('move.drop'),
      fc.tuple(fc.record({ column: fc.nat(9) })),
      fc.constant({}),
    ),
    fc.tuple(
      fc.constant('{chess}'),
      fc.constant('move.move'),
      fc.tuple(fc.constantFrom({ from: 'e2', to: 'e4' }, { from: 'e7', to: 'e5' }, { from: 'd2', to: 'd9' })),
      fc.constant({}),
    ),
    fc.tuple(
      fc.constant('{secret}'),
      fc.constantFrom('move.draw', 'move.shout'),
      fc.constantFrom([], [{}], [{ word: 'x' }]),
      fc.record({ id: fc.constantFrom('a', 'b'), seen: fc.nat(9) }, { requiredKeys: [] }),
    ),
    fc.tuple(
      fc.constant('{secret}'),
      fc.constant('move.pick'),
      fc.tuple(fc.record({ card: fc.integer({ min: 999, max: 2004 }) })),
      fc.constant({}),
    ),
    fc.tuple(fc.constant('{rally}'), fc.constant('move.say'), fc.tuple(fc.record({ what: value })), fc.constant({})),
    fc.tuple(
      fc.constantFrom('{rally}', '{chess}', '{connect_four}'),
      fc.constantFrom('move.hit', 'move.resign'),
      fc.constant([{}]),
      fc.constant({}),
    ),
    fc.tuple(
      fc.constant(''),
      fc.constantFrom('lobby.quick', 'lobby.create'),
      fc.constant([]),
      fc.constantFrom(
        { game: 'rally' },
        { game: 'secret', opponent: 'friend' },
        { game: 'rally', opponent: 'computer', seat: 1 },
      ),
    ),
  )
  .map(([place, name, list, dictionary]): Said => ({ request: [48, {}, place + name, list, dictionary] }));
const wire = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.map((one): Said => ({ wire: one }));
/** What a session survives. */
const polite = () =>
  fc.oneof(
    { weight: 20, arbitrary: sensible },
    { weight: 8, arbitrary: request(48, options, uri(), args, dict) },
    { weight: 2, arbitrary: request(32, options, uri()) },
    { weight: 1, arbitrary: request(64, options, uri()) },
    { weight: 2, arbitrary: request(16, options, uri(), args, dict) },
    { weight: 1, arbitrary: request(34, id) },
    { weight: 1, arbitrary: request(66, id) },
    { weight: 1, arbitrary: wire(fc.tuple(fc.constant(49), id, options)) },
  );
/** What mostly ends it. */
const rude = fc.oneof(
  wire(fc.tuple(fc.constantFrom(70, 8), id, fc.constant({}))),
  wire(fc.constantFrom<unknown>([1, realm, { roles }], [6, {}, 'wamp.close.close_realm'], [5, 'x', {}])),
  wire(anyMessage.map(json!.encode)),
  wire(fc.oneof(fc.string(), fc.json(), fc.array(value, { maxLength: 6 }))),
);
const guest = () =>
  fc.oneof(
    { weight: 2, arbitrary: fc.array(polite(), { minLength: 5, maxLength: 40 }) },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: polite() }, { weight: 1, arbitrary: rude }), {
        maxLength: 30,
      }),
    },
  );

/** Says it all without waiting, then waits for whatever comes last. */
async function attack(messages: readonly Said[], real: (uri: string) => string): Promise<void> {
  const attacker = await Attacker.guest(server.url);
  let last = 0;
  for (const message of messages) {
    if ('wire' in message) attacker.say(message.wire);
    else {
      const [code, ...rest] = message.request;
      attacker.say([code, ++last, ...rest.map((part) => (typeof part === 'string' ? real(part) : part))]);
    }
  }
  const probe = ++last;
  attacker.say([48, probe, {}, 'lobby.list']);
  for (;;) {
    const answer = await attacker.next();
    if (answer === undefined || answer.type === 'abort') break;
    if ((answer.type === 'result' || answer.type === 'error') && answer.request === probe) break;
  }
  await attacker.leave();
}

/** Each of some fifty messages. Without being told so, as many as go in some seconds. */
const wanted = process.env['FUZZ_MESSAGES'];
const limit = wanted === undefined ? { interruptAfterTimeLimit: 10_000, markInterruptAsFailure: false } : {};
const numRuns = Math.ceil(Number(wanted ?? 10_000) / 50);

test('guests that say anything harm nobody', async () => {
  const guests = fc.array(guest(), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(guests, async (all) => {
      const real = await freshMatches();
      await Promise.all(all.map((messages) => attack(messages, real)));
      await server.healthy();
    }),
    { numRuns, ...limit },
  );
  await vi.waitFor(() => expect(server.hub.connections).toBe(5), { timeout: 15_000 }); // an interrupted run still ends
}, 600_000);
