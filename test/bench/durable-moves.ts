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
  type MatchUris,
  type Session,
} from '../../protocol/index.ts';
import { chessRules } from '../../protocol/games/chess.ts';
import { entered, roomMessage } from './colyseus-room.ts';
import { during, paced, sleep, type Figures } from './measure.ts';
import type { Peer } from './peer.ts';
import { usageOf } from './subject.ts';

/** Sessions on either side: each plays many matches. */
const mostPairs = 20;
const measuredMs = 4_000;

/** How many matches at once, and how often a move is made in all of them together, a second. */
export interface DurableLoad {
  readonly game: 'chess' | 'rally';
  readonly matches: number;
  readonly perSecond: number;
}

export async function durableMoves(host: string, { game, matches, perSecond }: DurableLoad): Promise<Figures> {
  const games = game === 'chess' ? chessGames(20, 120) : [Array.from({ length: 200 }, hit)];
  const { tables, sessions } = await setUp(host, game, matches, (index) => games[index % games.length]!);
  const figures = await played(host, tables, perSecond);
  for (const session of sessions) await session.leave();
  return figures;
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
  const figures = await during(host, measuredMs, () => ((before ||= latencies.length), done), 'paced');
  stop();
  await sleep(300);
  for (const table of tables) table.close();
  return { ...figures, latencies: latencies.slice(before) };
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
  for (const table of tables) table.close();
  for (const session of sessions) await session.leave();
  const each = (now: number) => Math.round((now - bare.heap) / matches);
  const resident = (bytes: number) => Math.round(bytes / 2 ** 20);
  const note = `bytes of heap each, their players connected: ${each(awake.heap)} awake, ${each(asleep.heap)} asleep; resident ${resident(bare.resident)} MB before, ${resident(awake.resident)} awake, ${resident(asleep.resident)} asleep`;
  return { operations: latencies.length, ms: 1, cpuMs: 0, latencies, note };
}

/** Two players with the moves that they are to make. */
abstract class Table {
  protected isOver = false;
  readonly #moves: readonly AnyMove[];
  #made = 0;
  #sent: { readonly at: number; readonly told: (ms: number) => void } | null = null;

  constructor(moves: readonly AnyMove[]) {
    this.#moves = moves;
  }

  protected abstract send(seat: number, move: AnyMove, index: number): void;

  /** Makes the next move, unless the last one is still on its way, or there is none. */
  move(told: (ms: number) => void): void {
    const move = this.#moves[this.#made];
    if (this.#sent || !move) return;
    this.#sent = { at: performance.now(), told };
    this.send(this.#made % 2, move, this.#made);
  }

  /** Who leaves now waits for no answer. */
  close(): void {
    this.isOver = true;
  }

  /** Something has come to a player. */
  protected heard(seat: number): void {
    if (!this.#sent || seat === this.#made % 2) return;
    const { at, told } = this.#sent;
    this.#sent = null;
    this.#made += 1;
    told(performance.now() - at);
  }
}

class MatchTable extends Table {
  readonly #players: readonly [Session, Session];
  readonly #uris: MatchUris;

  constructor(players: readonly [Session, Session], uris: MatchUris, moves: readonly AnyMove[]) {
    super(moves);
    this.#players = players;
    this.#uris = uris;
  }

  async open(): Promise<void> {
    for (const [seat, session] of this.#players.entries())
      await session.subscribe(this.#uris.state.json, () => this.heard(seat));
    for (const session of this.#players) await session.call(this.#uris.join, [], { form: 'json' });
  }

  protected send(seat: number, { move, args }: AnyMove, index: number): void {
    const moved = this.#players[seat]!.call(this.#uris.move(move), [args], { id: String(index) });
    moved.catch((error: unknown) => this.isOver || console.error(error));
  }
}

class RoomTable extends Table {
  readonly #players: readonly [Peer, Peer];

  constructor(players: readonly [Peer, Peer], moves: readonly AnyMove[]) {
    super(moves);
    this.#players = players;
    for (const [seat, peer] of players.entries()) peer.onMessage = () => this.heard(seat);
  }

  static async open(host: string, moves: readonly AnyMove[], options: object): Promise<RoomTable> {
    const { peer, roomId } = await entered(host, 'chess', options, 'create');
    return new RoomTable([peer, (await entered(host, roomId, {}, 'joinById')).peer], moves);
  }

  async leave(): Promise<void> {
    await Promise.all(this.#players.map((peer) => peer.close()));
  }

  protected send(seat: number, { move, args }: AnyMove): void {
    this.#players[seat]!.send(roomMessage(move, args));
  }
}

async function setUp(
  host: string,
  game: DurableLoad['game'],
  matches: number,
  movesOf: (index: number) => readonly AnyMove[],
) {
  const url = `ws://${host}/ws`;
  const pairs = await Promise.all(
    Array.from({ length: Math.min(matches, mostPairs) }, async () => [await player(url), await player(url)] as const),
  );
  const indexes = Array.from({ length: matches }, (_, index) => index);
  const tables: MatchTable[] = [];
  for (const group of chunks(indexes, 50)) {
    const opened = group.map(async (index) => {
      const pair = pairs[index % pairs.length]!;
      const { args } = await pair[0].call(lobbyUris.create, [], { game, opponent: 'friend', seat: 0 });
      const table = new MatchTable(pair, gameUris(game).match((args[0] as { match: string }).match), movesOf(index));
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
