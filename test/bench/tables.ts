/** Tables at which two players make moves that were chosen before: matches of a game server, and rooms of Colyseus. */
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
import { entered, roomMessage } from './colyseus-room.ts';
import type { Peer } from './peer.ts';

/** Sessions on either side: each plays many matches. */
const mostPairs = 20;

/** Two players with the moves that they are to make. */
export abstract class Table {
  protected isOver = false;
  readonly #moves: readonly AnyMove[];
  #made = 0;
  #sent: { readonly at: number; readonly told: (ms: number) => void } | null = null;

  constructor(moves: readonly AnyMove[]) {
    this.#moves = moves;
  }

  /** How many moves have been made. */
  protected get made(): number {
    return this.#made;
  }
  get hasMoves(): boolean {
    return this.#made < this.#moves.length;
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
  /** Before the first move. */
  #version = 0;

  constructor(players: readonly [Session, Session], uris: MatchUris, moves: readonly AnyMove[]) {
    super(moves);
    this.#players = players;
    this.#uris = uris;
  }

  async open(): Promise<void> {
    for (const [seat, session] of this.#players.entries())
      await session.subscribe(this.#uris.state.json, ({ args: [change] }) => {
        if ((change as { version: number }).version > this.#version + this.made) this.heard(seat);
      });
    for (const session of this.#players) {
      const { args } = await session.call(this.#uris.join, [], { form: 'json' });
      this.#version = (args[0] as { view: AnyView }).view.version;
    }
  }

  protected send(seat: number, { move, args }: AnyMove, index: number): void {
    const moved = this.#players[seat]!.call(this.#uris.move(move), [args], { id: String(index) });
    moved.catch((error: unknown) => this.isOver || console.error(error));
  }
}

export class RoomTable extends Table {
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

export interface SetUp {
  readonly tables: readonly Table[];
  readonly sessions: readonly Session[];
}

/** Matches of a game server, opened. */
export async function setUp(
  host: string,
  game: 'chess' | 'rally',
  matches: number,
  movesOf: (index: number) => readonly AnyMove[],
): Promise<SetUp> {
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

export const hit = (): AnyMove => ({ move: 'hit', args: { power: 7 } });

/** Matches played by chance, of so many plies. */
export function chessGames(count: number, plies: number): AnyMove[][] {
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

export function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
