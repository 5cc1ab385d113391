/** A game server that keeps its matches on disk, under measurement; its limits are out of the way. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { join, loadSerializers } from '../../protocol/index.ts';
import { chessRules } from '../../protocol/games/chess.ts';
import { anonymous } from '../../server/authentication/index.ts';
import { hostGames } from '../../server/authority/index.ts';
import { runLobby } from '../../server/services/lobby.ts';
import { gameRoles } from '../../server/services/roles.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite-store.ts';
import { Hub, serveWebSocket } from '../../server/transports/index.ts';
import { rallyRules } from './rally.ts';
import { serve, usage } from './subject.ts';

const realm = 'realmkit';
const games = [chessRules, rallyRules];
/** Of an idle match, ms: short enough to be waited for. */
const hibernateMs = Number(process.env['HIBERNATE_MS'] ?? 300_000);

const folder = mkdtempSync(path(tmpdir(), 'realmkit-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const store = await openSqliteStore(path(folder, 'matches.sqlite'));

const secret = 'a secret of at least thirty-two bytes';
const tickets = { secret, now: Date.now };
const many = 1_000_000;
const plenty = { subscriptions: many, registrations: many, calls: many };
const unheard = { messagesPerSecond: many, messageBurst: many, bytesPerSecond: many * many, byteBurst: many * many };
const roles = gameRoles.map((role) => ({ ...role, limits: { ...plenty, ...unheard } }));
const unlimited = { maxConnections: Infinity, maxConnectionsPerAddress: Infinity, joinsPerSecondPerAddress: Infinity };
const hub = new Hub({
  realms: [{ name: realm, roles, uris: 'strict', authentication: [anonymous({ role: 'player', tickets })] }],
  limits: unlimited,
});
const component = (authid: string, authrole: string) => join(hub.link({ authid, authrole }), { realm });
await runLobby(await component('lobby', 'service'), {
  games,
  limits: { matchesPerPlayer: many, matchesPerMinute: many },
});
const limits = { movesPerSecond: many, moveBurst: many, changes: many, matches: many, hibernateMs };
await hostGames(await component('authority', 'authority'), { games, store, limits });

const server = createServer(usage);
serveWebSocket({ hub, server, serializers: await loadSerializers() });
await serve(server);
