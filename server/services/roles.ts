/** The roles of the realm in which games are played, and what each may do. `design.md` §5. */
import type { Permission, Role } from '../router/index.ts';

const patterns = ['exact', 'prefix'] as const;

/** What concerns everybody in a game: the router always says who calls, so identity never comes from arguments. */
const playing: readonly Permission[] = [
  { uri: 'game.', match: 'prefix', allow: { call: true, subscribe: true }, disclose: { caller: true } },
  { uri: 'lobby.', match: 'prefix', allow: { call: true, subscribe: true }, disclose: { caller: true } },
];
/** What players of a world hold down goes to its authority, and nobody else can subscribe to it. */
const steering: Permission = {
  uri: 'input.',
  match: 'prefix',
  allow: { publish: true },
  disclose: { publisher: true },
  retain: false,
};
/** What a browser offers to others. Guests are free to make: what they publish does not stay when they have gone. */
const offering: readonly Permission[] = [
  { uri: 'player.', match: 'prefix', allow: { call: true, subscribe: true, publish: true }, retain: false },
  {
    uri: 'player.{authid}.',
    match: 'prefix',
    allow: { call: true, subscribe: true, publish: true, register: true },
    retain: false,
  },
];
const knowingWhoIsHere: Permission = { uri: 'wamp.', match: 'prefix', allow: { call: true, subscribe: true } };

/** What a page needs is far below; guests are free to make, so these alone do not bound the server. */
const playerLimits = { subscriptions: 200, registrations: 100, calls: 200 };

export const gameRoles: readonly Role[] = [
  { name: 'player', permissions: [...playing, steering, ...offering], limits: playerLimits },
  {
    /** A computer opponent: a player that lets itself be asked. */
    name: 'bot',
    permissions: [...playing, steering, ...offering, { uri: 'bot.', match: 'prefix', allow: { register: true } }],
  },
  {
    /** Lobby and the like. */
    name: 'service',
    permissions: [
      {
        uri: 'game.',
        match: 'prefix',
        allow: { call: true, subscribe: true },
        policies: patterns,
        disclose: { caller: true },
      },
      { uri: 'lobby.', match: 'prefix', allow: { call: true, subscribe: true, register: true, publish: true } },
      { uri: 'bot.', match: 'prefix', allow: { call: true, register: true }, disclose: { caller: true } },
      { uri: 'authority.', match: 'prefix', allow: { subscribe: true } },
      knowingWhoIsHere,
    ],
  },
  {
    name: 'authority',
    permissions: [
      { uri: 'game.', match: 'prefix', allow: { call: true, register: true, publish: true }, policies: patterns },
      { uri: 'input.', match: 'prefix', allow: { subscribe: true } },
      { uri: 'authority.', match: 'prefix', allow: { publish: true }, disclose: { publisher: true } },
      knowingWhoIsHere,
    ],
  },
];
