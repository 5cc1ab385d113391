/** The arrows of the design, held by the imports themselves. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const top = join(import.meta.dirname, '..');

/** Who may import whom: a folder's files may reach these folders and files, and nothing else of ours. */
const arrows: Record<string, readonly string[]> = {
  'protocol/wamp': ['protocol/wamp'],
  'protocol/schema': ['protocol/schema'],
  'protocol/sync': ['protocol/sync', 'protocol/schema'],
  'protocol/game': [
    'protocol/game',
    'protocol/schema',
    'protocol/sync',
    'protocol/wamp/errors.ts',
    'protocol/wamp/uris.ts',
  ],
  'protocol/world': [
    'protocol/world',
    'protocol/game',
    'protocol/schema',
    'protocol/sync',
    'protocol/wamp/errors.ts',
    'protocol/wamp/uris.ts',
  ],
  'protocol/bot': [
    'protocol/bot',
    'protocol/game',
    'protocol/world',
    'protocol/schema',
    'protocol/sync',
    'protocol/wamp',
  ],
  'protocol/testing': ['protocol/testing', 'protocol/game', 'protocol/world', 'protocol/schema', 'protocol/sync'],
  'protocol/lint': ['protocol/lint'],
  'protocol/games': ['protocol/games', 'protocol/index.ts'],
  'server/router': ['server/router', 'protocol/index.ts'],
  'server/authentication': ['server/authentication', 'server/router', 'protocol/index.ts'],
  'server/transports': [
    'server/transports',
    'server/authentication',
    'server/router',
    'server/rate.ts',
    'protocol/index.ts',
  ],
  'server/store': ['server/store', 'protocol/index.ts'],
  'server/authority': ['server/authority', 'server/store', 'server/rate.ts', 'protocol/index.ts'],
  'server/services': ['server/services', 'server/authority', 'server/router', 'server/rate.ts', 'protocol/index.ts'],
  'server/games': ['server/games', 'server/index.ts', 'protocol/index.ts', 'protocol/games'],
  'client/connection': ['client/connection', 'client/listeners.ts', 'client/message-of.ts', 'protocol/index.ts'],
  'client/match': [
    'client/match',
    'client/connection',
    'client/listeners.ts',
    'client/message-of.ts',
    'protocol/index.ts',
  ],
  'client/world': ['client/world', 'client/match', 'client/connection', 'client/listeners.ts', 'protocol/index.ts'],
  'client/phaser': [
    'client/phaser',
    'client/match',
    'client/connection',
    'client/client.ts',
    'client/listeners.ts',
    'protocol/index.ts',
  ],
  'client/ui': [
    'client/ui',
    'client/phaser',
    'client/match',
    'client/world',
    'client/connection',
    'client/client.ts',
    'client/lobby.ts',
    'client/listeners.ts',
    'client/message-of.ts',
    'protocol/index.ts',
  ],
  'client/games': [
    'client/games',
    'client/ui/game-screen.ts',
    'client/ui/world-screen.ts',
    'client/ui/direction.ts',
    'client/phaser/bind.ts',
    'client/phaser/sync-keyed.ts',
    'client/world',
    'client/match',
    'client/listeners.ts',
    'protocol/index.ts',
    'protocol/games',
  ],
  client: ['client', 'protocol/index.ts', 'protocol/games'],
};

const files = globSync('{protocol,server,client}/**/*.ts', { cwd: top });
const folderOf = (file: string) =>
  Object.keys(arrows)
    .filter((folder) => file.startsWith(`${folder}/`))
    .toSorted((a, b) => b.length - a.length)[0];
const importsOf = (file: string) =>
  [
    ...readFileSync(join(top, file), 'utf8').matchAll(
      /^(?:import|export)\s[^'";]*?from\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm,
    ),
  ].map(([, from, bare, dynamic]) => (from ?? bare ?? dynamic)!);
const ours = (file: string) =>
  importsOf(file)
    .filter((path) => path.startsWith('.'))
    .map((path) => relative(top, normalize(join(top, dirname(file), path))));
const packages = (file: string) => importsOf(file).filter((path) => !path.startsWith('.'));

describe('the arrows of the design', () => {
  it.each(Object.entries(arrows))('%s imports only what it may', (folder, allowed) => {
    const wrong = files
      .filter((file) => folderOf(file) === folder)
      .flatMap((file) => ours(file).map((target) => ({ file, target })))
      .filter(({ target }) => !allowed.some((place) => target === place || target.startsWith(`${place}/`)));
    expect(wrong).toEqual([]);
  });

  it('protocol needs nothing that only one platform has', () => {
    const foreign = files.filter((file) => file.startsWith('protocol/')).flatMap(packages);
    expect(new Set(foreign)).toEqual(new Set(['zod/mini', '@msgpack/msgpack', 'cbor-x', 'chess.js']));
  });

  it('only transports and the server that holds them know sockets', () => {
    const socketed = files.filter((file) =>
      packages(file).some((name) => name === 'ws' || name === 'node:net' || name === 'node:http'),
    );
    for (const file of socketed)
      expect(file).toMatch(/^server\/(transports\/|operations\/configured-router|main\.ts|http\.ts|cli\.ts)/);
  });

  it('the router core has neither clock nor socket nor Node', () => {
    const core = files.filter((file) => file.startsWith('server/router/'));
    expect(core.flatMap(packages)).toEqual([]);
    for (const file of core)
      expect(readFileSync(join(top, file), 'utf8')).not.toMatch(/\b(setTimeout|setInterval|Date\.now|Math\.random)\b/);
  });

  it('games import no session, topic or transport', () => {
    for (const file of files.filter((name) => name.startsWith('protocol/games/'))) {
      expect(readFileSync(join(top, file), 'utf8')).not.toMatch(/\b(Session|Transport|WebSocket|lobbyUris|gameUris)\b/);
    }
  });
});
