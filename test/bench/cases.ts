/** What is measured: each case with what it is compared with, and what it is to reach. */
import { calls, callsAtOnce, pacedCalls, type CallLoad } from './calls.ts';
import { durableMoves, durableRelay, idleMatches, roomMoves, type DurableLoad } from './durable-moves.ts';
import { crowd } from './crowd.ts';
import { fanOut, patternHolder, type FanOutLoad } from './fan-out.ts';
import type { Figures } from './measure.ts';
import { moves, relayed } from './moves.ts';
import { chessBytes } from './chess-bytes.ts';
import { idleClients, idleClientsOfRoom, type IdleLoad } from './idle-clients.ts';
import { firstStates, firstStatesOfRoom } from './joins.ts';
import { idleSessions, joins } from './sessions.ts';
import { watching, watchingRoom, type WatchLoad } from './watching.ts';
import { pageRows } from './page-size.ts';
import { swarmUpdates } from './swarm-updates.ts';

/**
 * Which process works: the router, a game server, one that keeps its matches (or soon lets them sleep), a world; or what
 * they are compared with: plain `ws`, a server of Colyseus.
 */
export type Subject = 'router' | 'game' | 'durable' | 'hibernating' | 'world' | Other;
export type Other = 'ceiling' | 'colyseus';
export type Side = 'ours' | 'other';

export interface Case {
  readonly title: string;
  /** What is shown of the figures. */
  readonly shows:
    | 'per CPU second'
    | 'CPU share'
    | 'CPU share and bytes'
    | 'per second'
    | 'p50 and p99'
    | 'average and p99'
    | 'bytes each'
    | 'heap and resident'
    | 'CPU each'
    | 'CPU and p99'
    | 'its own rows';
  /** What it is compared with: another server with the same work, or another case of ours. */
  readonly beside?: Other | CaseName;
  readonly reach?: string;
  readonly on?: Subject;
  ours(host: string): Promise<Figures>;
  other?(host: string): Promise<Figures>;
}

const ms = 1500;
const callsBeside = (load: Omit<CallLoad, 'ms'>) => ({
  ours: (host: string) => calls(host, 'ours', { ...load, ms }),
  other: (host: string) => calls(host, 'ceiling', { ...load, ms }),
});
const fanOutBeside = (load: Omit<FanOutLoad, 'ms'>) => ({
  ours: (host: string) => fanOut(host, 'ours', { ...load, ms }),
  other: (host: string) => fanOut(host, 'ceiling', { ...load, ms }),
});
const many = { callers: 16, inFlight: 8 };
const toHundred = { topics: 1, subscribers: 100 };
const patterns = (match: 'prefix' | 'wildcard') => ({ count: 10_000, match });

async function amongPatterns(host: string, match: 'prefix' | 'wildcard'): Promise<Figures> {
  const holder = await patternHolder(host, patterns(match));
  const figures = await fanOut(host, 'ours', { topics: 1, subscribers: 10, ms, patterns: patterns(match) });
  await holder.close();
  return figures;
}

const watched = (load: Omit<WatchLoad, 'ms'>) => ({
  shows: 'CPU share and bytes' as const,
  on: 'world' as const,
  beside: 'colyseus' as const,
  ours: (host: string) => watching(host, { ...load, ms: 5000 }),
  other: (host: string) => watchingRoom(host, { ...load, ms: 5000 }),
});
/** A move a second in each match; a single match moves faster. */
const durable = (load: Omit<DurableLoad, 'game'>) => ({
  shows: 'p50 and p99' as const,
  reach: '2 and 10',
  on: 'durable' as const,
  beside: 'colyseus' as const,
  ours: (host: string) => durableMoves(host, { game: 'chess', ...load }),
  other: (host: string) => roomMoves(host, { game: 'chess', ...load }),
});
const idlers = (load: IdleLoad) => ({
  shows: 'heap and resident' as const,
  reach: 'at most 15,360',
  beside: 'colyseus' as const,
  ours: (host: string) => idleClients(host, load),
  other: (host: string) => idleClientsOfRoom(host, load),
});
/** As the process `hibernating` has it. */
const hibernateMs = 60_000;

const perCpu = 'per CPU second';
export const cases = {
  calls: {
    title: 'calls, 16 callers with 8 in flight',
    shows: perCpu,
    beside: 'ceiling',
    reach: 'at least 3',
    ...callsBeside(many),
  },
  'calls-one': {
    title: 'calls, 64 callers with 1 in flight',
    shows: perCpu,
    beside: 'ceiling',
    reach: 'at least 1',
    ...callsBeside({ callers: 64, inFlight: 1 }),
  },
  'fan-out': {
    title: 'deliveries, saturated, 1 to 1,000',
    shows: perCpu,
    beside: 'ceiling',
    reach: 'at least 8',
    ...fanOutBeside({ topics: 1, subscribers: 1000 }),
  },
  'fan-out-slow': {
    title: 'deliveries, 200 events/s to 100',
    shows: perCpu,
    beside: 'ceiling',
    reach: 'at least 0.9',
    ...fanOutBeside({ ...toHundred, perSecond: 200 }),
  },
  'fan-out-topics': {
    title: 'deliveries, 100 topics of 10, 3,000 events/s',
    shows: perCpu,
    beside: 'ceiling',
    reach: 'at least 0.9',
    ...fanOutBeside({ topics: 100, subscribers: 10, perSecond: 3000 }),
  },
  headline: {
    title: '1,000 events/s to 1,000: deliveries a second',
    shows: 'per second',
    reach: '1,000,000',
    ours: (host) => fanOut(host, 'ours', { topics: 1, subscribers: 1000, perSecond: 1000, ms: 3000 }),
  },
  'headline-latency': {
    title: '1,000 events/s to 1,000: ms until delivered',
    shows: 'p50 and p99',
    reach: 'p99 under 50',
    ours: (host) => fanOut(host, 'ours', { topics: 1, subscribers: 1000, perSecond: 1000, ms: 3000, isTimed: true }),
  },
  'calls-paced': {
    title: '6,000 calls/s: ms until answered',
    shows: 'average and p99',
    reach: 'average under 1',
    ours: (host) => pacedCalls(host, 6000, ms),
  },
  'calls-at-once': {
    title: '6,000 sessions call at once: ms until answered',
    shows: 'average and p99',
    reach: 'under 100',
    ours: (host) => callsAtOnce(host, 6000),
  },
  'calls-1k': {
    title: 'calls of 1 KB',
    shows: perCpu,
    beside: 'ceiling',
    ...callsBeside({ ...many, payloadBytes: 1024 }),
  },
  'calls-64k': {
    title: 'calls of 64 KB (60,000 bytes)',
    shows: perCpu,
    beside: 'ceiling',
    ...callsBeside({ ...many, payloadBytes: 60_000 }),
  },
  'calls-prefix': {
    title: 'calls by prefix, 10,000 prefixes registered',
    shows: perCpu,
    beside: 'calls',
    reach: 'at least 0.77',
    ours: (host) => calls(host, 'ours', { ...many, ms, patterns: patterns('prefix') }),
  },
  'calls-wildcard': {
    title: 'calls by wildcard, 10,000 wildcards registered',
    shows: perCpu,
    beside: 'calls',
    reach: 'at least 0.77',
    ours: (host) => calls(host, 'ours', { ...many, ms, patterns: patterns('wildcard') }),
  },
  'fan-out-ten': {
    title: 'deliveries, saturated, 1 to 10',
    shows: perCpu,
    beside: 'ceiling',
    ...fanOutBeside({ topics: 1, subscribers: 10 }),
  },
  'fan-out-mixed': {
    title: 'deliveries, JSON to 10 of MessagePack',
    shows: perCpu,
    beside: 'fan-out-ten',
    ours: (host) => fanOut(host, 'ours', { topics: 1, subscribers: 10, mixed: true, ms }),
  },
  'fan-out-prefix': {
    title: 'deliveries by prefix, 10,000 prefixes subscribed',
    shows: perCpu,
    beside: 'fan-out-ten',
    reach: 'at least 0.77',
    ours: (host) => amongPatterns(host, 'prefix'),
  },
  'fan-out-wildcard': {
    title: 'deliveries by wildcard, 10,000 wildcards',
    shows: perCpu,
    beside: 'fan-out-ten',
    reach: 'at least 0.77',
    ours: (host) => amongPatterns(host, 'wildcard'),
  },
  joins: {
    title: 'joining: ms of processor',
    shows: 'CPU each',
    reach: 'at most 0.15',
    ours: (host) => joins(host, 2000),
  },
  memory: {
    title: 'an idle session: bytes',
    shows: 'bytes each',
    reach: 'at most 12,288',
    ours: (host) => idleSessions(host, 5000),
  },
  idle: {
    title: 'idle sessions',
    shows: 'its own rows',
    ours: crowd,
  },
  moves: {
    title: 'connect_four move to the other player: ms',
    shows: 'p50 and p99',
    beside: 'ceiling',
    on: 'game',
    ours: moves,
    other: relayed,
  },
  'swarm-100': { title: 'swarm of 100 to 200', reach: 'at most 0.05', ...watched({ size: 100, clients: 200 }) },
  'swarm-500': { title: 'swarm of 500 to 200', reach: 'at most 0.05', ...watched({ size: 500, clients: 200 }) },
  'swarm-1000': {
    title: 'swarm of 1,000 to 200',
    reach: 'at most 0.05; 2,500 bytes',
    ...watched({ size: 1000, clients: 200 }),
  },
  'swarm-crowd': { title: 'swarm of 1,000 to 3,000', reach: 'at most 0.5', ...watched({ size: 1000, clients: 3000 }) },
  'cells-open': {
    title: '400 movers to 200 players who see all',
    ...watched({ world: 'open', size: 400, clients: 200 }),
  },
  cells: {
    title: '400 movers to 200 players who see 1 of 4 by 4 cells',
    reach: 'under 1; at most 0.25',
    ...watched({ world: 'cells', size: 400, clients: 200 }),
    beside: 'cells-open',
  },
  'cells-view': {
    title: 'the same beside StateView',
    ...watched({ world: 'cells', size: 400, clients: 200 }),
  },
  join: {
    title: 'chess: ms from opening a socket to the first state',
    shows: 'p50 and p99',
    beside: 'colyseus',
    reach: 'p50 2',
    on: 'durable',
    ours: (host) => firstStates(host, { game: 'chess' }),
    other: (host) => firstStatesOfRoom(host, 'chess'),
  },
  'join-fresh': {
    title: 'the same of the smallest game',
    shows: 'p50 and p99',
    on: 'durable',
    ours: (host) => firstStates(host, { game: 'rally' }),
  },
  'join-late': {
    title: 'the same after 10,000 moves',
    shows: 'p50 and p99',
    beside: 'join-fresh',
    reach: 'at most 1.5',
    on: 'durable',
    ours: (host) => firstStates(host, { game: 'rally', moves: 10_000 }),
  },
  'join-world': {
    title: 'the same of a swarm of 1,000',
    shows: 'p50 and p99',
    beside: 'colyseus',
    on: 'world',
    ours: (host) => firstStates(host, { game: 'swarm', size: 1000 }),
    other: (host) => firstStatesOfRoom(host, 'swarm', { size: 1000 }),
  },
  'idle-players': {
    title: 'an idle client in a match of two: bytes',
    on: 'durable',
    ...idlers({ game: 'chess', clients: 2000 }),
  },
  'idle-watchers': {
    title: 'an idle client in one world: bytes',
    on: 'world',
    ...idlers({ game: 'swarm', clients: 2000 }),
  },
  'page-size': {
    title: 'a page without Phaser',
    shows: 'its own rows',
    ours: pageRows,
  },
  'chess-json': {
    title: 'a chess move in json, to each player: bytes',
    shows: 'bytes each',
    on: 'game',
    ours: (host) => chessBytes(host, 'json'),
  },
  'chess-packed': {
    title: 'a chess move packed, to each player: bytes',
    shows: 'bytes each',
    beside: 'chess-json',
    reach: 'at most 60',
    on: 'game',
    ours: (host) => chessBytes(host, 'packed'),
  },
  'swarm-bytes': {
    title: '1,000 movers, rounded by the game: bytes an update',
    shows: 'bytes each',
    reach: 'at most 2,500',
    ours: () => swarmUpdates({ rounds: true }),
  },
  'swarm-bytes-fine': {
    title: '1,000 movers, not rounded: bytes an update',
    shows: 'bytes each',
    reach: 'at most 2,500',
    ours: () => swarmUpdates({ rounds: false }),
  },
  'swarm-encode': {
    title: '1,000 movers, not rounded: ms of processor an update',
    shows: 'CPU each',
    reach: 'under 1',
    ours: () => swarmUpdates({ rounds: false }),
  },
  'durable-one': {
    title: 'durable chess move, 1 match: ms until the other has it',
    ...durable({ matches: 1, perSecond: 20 }),
  },
  'durable-relayed': {
    title: 'the same, beside plain ws and a file',
    ...durable({ matches: 1, perSecond: 20 }),
    beside: 'ceiling',
    other: (host) => durableRelay(host, { game: 'chess', matches: 1, perSecond: 20 }),
  },
  'durable-hundred': {
    title: 'durable chess move, 100 matches, 100/s',
    ...durable({ matches: 100, perSecond: 100 }),
  },
  'durable-thousand': {
    title: 'durable chess move, 1,000 matches, 1,000/s',
    ...durable({ matches: 1000, perSecond: 1000 }),
  },
  'durable-at-once': {
    title: '100 matches beside a patch after each move',
    ...durable({ matches: 100, perSecond: 100 }),
    other: (host) => roomMoves(host, { game: 'chess', matches: 100, perSecond: 100 }, { atOnce: true }),
  },
  durable: {
    title: 'durable moves, 1,000 matches, 5,000/s offered',
    shows: 'CPU and p99',
    reach: '5,000; at most 1; at most 50',
    on: 'durable',
    ours: (host) => durableMoves(host, { game: 'rally', matches: 1000, perSecond: 5000 }),
  },
  hibernate: {
    title: '10,000 idle chess matches: ms until one is awake',
    shows: 'p50 and p99',
    reach: 'under 50',
    on: 'hibernating',
    ours: (host) => idleMatches(host, 10_000, hibernateMs),
  },
} as const satisfies Record<string, Omit<Case, 'beside'> & { readonly beside?: string }>;
export type CaseName = keyof typeof cases;
