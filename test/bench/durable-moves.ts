/** Moves that are on disk before anybody sees them: from sending one until the opponent has it. */
import { probed } from './disk-probe.ts';
import { during, paced, quantile, sleep, type Figures } from './measure.ts';
import { open } from './peer.ts';
import { usageOf } from './subject.ts';
import { chessGames, chunks, hit, RoomTable, setUp, type SetUp, type Table } from './tables.ts';

const measuredMs = 5_000;
/** Played as fast as they go, before: a server that has run for a minute is past compiling. */
const earlierMatches = 20;

/** How many matches at once, and how often a move is made in all of them together, a second. */
export interface DurableLoad {
  readonly game: 'chess' | 'rally';
  readonly matches: number;
  readonly perSecond: number;
}

export async function durableMoves(host: string, { game, matches, perSecond }: DurableLoad): Promise<Figures> {
  const games = game === 'chess' ? chessGames(20, 120) : [Array.from({ length: 200 }, hit)];
  const movesOf = (index: number) => games[index % games.length]!;
  await playOut(await setUp(host, game, earlierMatches, movesOf));
  const made = await setUp(host, game, matches, movesOf);
  const disk = probed();
  const figures = await played(host, made.tables, perSecond);
  const alone = await disk();
  await leave(made);
  const of = (share: number) => quantile(alone, share).toFixed(2);
  const note = `meanwhile 4 KB and fdatasync alone, on the same disk: p50 ${of(0.5)}, p99 ${of(0.99)} ms`;
  return { ...figures, note };
}

/** The same in rooms of Colyseus, which keeps nothing. @param options of the room. */
export async function roomMoves(host: string, { matches, perSecond }: DurableLoad, options = {}): Promise<Figures> {
  const games = chessGames(20, 120);
  const tables: RoomTable[] = [];
  for (let i = 0; i < matches; i++) tables.push(await RoomTable.open(host, games[i % games.length]!, options));
  const figures = await played(host, tables, perSecond);
  for (const table of tables) await table.leave();
  return figures;
}

async function played(host: string, tables: readonly Table[], perSecond: number): Promise<Figures> {
  let done = 0;
  const latencies: number[] = [];
  let next = 0;
  const stop = paced(perSecond, () => {
    const table = tables[next++ % tables.length]!;
    table.move((ms) => {
      done += 1;
      latencies.push(ms);
    });
  });
  let before = 0;
  const figures = await during(host, measuredMs, () => ((before ||= latencies.length), done), 'warm');
  stop();
  await sleep(300);
  for (const table of tables) table.close();
  return { ...figures, latencies: latencies.slice(before) };
}

/** What it would cost without a game: plain `ws` passes a text on when 4 KB for it are on the disk. */
export async function durableRelay(host: string, { perSecond }: DurableLoad): Promise<Figures> {
  const to = await open(`ws://${host}/callee`);
  const from = await open(`ws://${host}/durable`);
  const sent: number[] = [];
  const latencies: number[] = [];
  to.onMessage = () => latencies.push(performance.now() - sent.shift()!);
  const stop = paced(perSecond, () => {
    sent.push(performance.now());
    from.send(relayedText);
  });
  let before = 0;
  const figures = await during(host, measuredMs, () => ((before ||= latencies.length), latencies.length), 'warm');
  stop();
  await sleep(300);
  await Promise.all([from.close(), to.close()]);
  return { ...figures, latencies: latencies.slice(before) };
}

/** As long as the event of a chess move. */
const relayedText = 'x'.repeat(400);

/** Every match to its end. */
async function playOut(made: SetUp): Promise<void> {
  const ends = made.tables.map(async (table) => {
    while (table.hasMoves) await new Promise<number>((resolve) => table.move(resolve));
  });
  await Promise.all(ends);
  await leave(made);
}

async function leave({ tables, sessions }: SetUp): Promise<void> {
  for (const table of tables) table.close();
  for (const session of sessions) await session.leave();
}

/** @returns for each match how long its first call takes after all have gone to sleep, with the memory before and after. */
export async function idleMatches(host: string, matches: number, hibernateMs: number): Promise<Figures> {
  const [moves = []] = chessGames(1, 30);
  const bare = await usageOf(host, '?collect');
  const { tables, sessions } = await setUp(host, 'chess', matches, () => moves);
  for (let ply = 0; ply < 6; ply++)
    for (const group of chunks(tables, 200))
      await Promise.all(group.map((table) => new Promise<void>((resolve) => table.move(() => resolve()))));
  const awake = await usageOf(host, '?collect');
  await sleep(hibernateMs + 5_000);
  const asleep = await usageOf(host, '?collect');
  const latencies: number[] = [];
  for (const table of tables.slice(0, 200)) latencies.push(await new Promise<number>((resolve) => table.move(resolve)));
  await leave({ tables, sessions });
  const each = (now: number) => Math.round((now - bare.heap) / matches);
  const resident = (bytes: number) => Math.round(bytes / 2 ** 20);
  const note = `bytes of heap each, their players connected: ${each(awake.heap)} awake, ${each(asleep.heap)} asleep; resident ${resident(bare.resident)} MB before, ${resident(awake.resident)} awake, ${resident(asleep.resident)} asleep`;
  return { operations: latencies.length, ms: 1, cpuMs: 0, latencies, note };
}
