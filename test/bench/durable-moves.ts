/** Moves that are on disk before anybody sees them: from sending one until the opponent has it. */
import { WebSocket } from 'ws';
import {
  connectWebSocket,
  gameUris,
  harness,
  join,
  lobbyUris,
  serializers,
  type AnyMove,
  type AnyView,
  type MatchUris,
  type Session,
} from '../../protocol/index.ts';
import { chessRules } from '../../protocol/games/chess.ts';
import { probed } from './disk-probe.ts';
import { during, paced, quantile, sleep, type Figures } from './measure.ts';
import { open } from './peer.ts';
import { usageOf } from './subject.ts';

/** Sessions on either side: each plays many matches. */
const mostPairs = 20;
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
  const { tables, sessions } = await setUp(host, game, matches, movesOf);
  const disk = probed();
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
  const alone = await disk();
  await sleep(300);
  await leave({ tables, sessions });
  const of = (share: number) => quantile(alone, share).toFixed(2);
  const note = `meanwhile 4 KB and fdatasync alone, on the same disk: p50 ${of(0.5)}, p99 ${of(0.99)} ms`;
  return { ...figures, latencies: latencies.slice(before), note };
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

/** A match of two sessions, with the moves to be made in it. */
class Table {
  readonly #players: readonly [Session, Session];
  readonly #uris: MatchUris;
  readonly #moves: readonly AnyMove[];
  #made = 0;
  /** Before the first move. */
  #version = 0;
  #isOver = false;
  #sent: { readonly at: number; readonly told: (ms: number) => void } | null = null;

  constructor(players: readonly [Session, Session], uris: MatchUris, moves: readonly AnyMove[]) {
    this.#players = players;
    this.#uris = uris;
    this.#moves = moves;
  }

  get hasMoves(): boolean {
    return this.#made < this.#moves.length;
  }

  async open(): Promise<void> {
    for (const [seat, session] of this.#players.entries())
      await session.subscribe(this.#uris.state.json, ({ args: [change] }) =>
        this.#heard(seat, (change as { version: number }).version),
      );
    for (const session of this.#players) {
      const { args } = await session.call(this.#uris.join, [], { form: 'json' });
      this.#version = (args[0] as { view: AnyView }).view.version;
    }
  }

  /** Makes the next move, unless the last one is still on its way, or there is none. */
  move(told: (ms: number) => void): void {
    const call = this.#moves[this.#made];
    if (this.#sent || !call) return;
    this.#sent = { at: performance.now(), told };
    const mover = this.#players[this.#made % 2]!;
    const moved = mover.call(this.#uris.move(call.move), [call.args], { id: String(this.#made) });
    moved.catch((error: unknown) => this.#isOver || console.error(error));
  }

  /** Who leaves now waits for no answer. */
  close(): void {
    this.#isOver = true;
  }

  #heard(seat: number, version: number): void {
    if (!this.#sent || seat === this.#made % 2 || version <= this.#version + this.#made) return;
    const { at, told } = this.#sent;
    this.#sent = null;
    this.#made += 1;
    told(performance.now() - at);
  }
}

interface SetUp {
  readonly tables: readonly Table[];
  readonly sessions: readonly Session[];
}

async function setUp(
  host: string,
  game: DurableLoad['game'],
  matches: number,
  movesOf: (index: number) => readonly AnyMove[],
): Promise<SetUp> {
  const url = `ws://${host}/ws`;
  const pairs = await Promise.all(
    Array.from({ length: Math.min(matches, mostPairs) }, async () => [await player(url), await player(url)] as const),
  );
  const indexes = Array.from({ length: matches }, (_, index) => index);
  const tables: Table[] = [];
  for (const group of chunks(indexes, 50)) {
    const opened = group.map(async (index) => {
      const pair = pairs[index % pairs.length]!;
      const { args } = await pair[0].call(lobbyUris.create, [], { game, opponent: 'friend', seat: 0 });
      const table = new Table(pair, gameUris(game).match((args[0] as { match: string }).match), movesOf(index));
      await table.open();
      return table;
    });
    tables.push(...(await Promise.all(opened)));
  }
  return { tables, sessions: pairs.flat() };
}

async function player(url: string): Promise<Session> {
  const json = serializers.filter(({ name }) => name === 'json');
  return join(await connectWebSocket(url, { WebSocket, serializers: json }), { realm: 'realmkit' });
}

const hit = (): AnyMove => ({ move: 'hit', args: { power: 7 } });

/** Matches played by chance, of so many plies. */
function chessGames(count: number, plies: number): AnyMove[][] {
  const games: AnyMove[][] = [];
  for (let chance = 7; games.length < count;) {
    const match = harness(chessRules);
    const moves: AnyMove[] = [];
    while (match.view.result === null && moves.length < plies) {
      chance = (chance * 48_271) % 0x7fffffff;
      const legal = match.mover.legal().filter(({ move }) => move === 'move');
      const call = legal[chance % legal.length]!;
      match.mover.play(call);
      moves.push(call);
    }
    if (match.view.result === null) games.push(moves);
  }
  return games;
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
