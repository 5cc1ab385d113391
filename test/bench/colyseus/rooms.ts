/** The workloads of the bench as rooms of Colyseus, written as its documentation does it; every figure its best. */
import { Room, type Client } from '@colyseus/core';
import { schema, StateView, t, type SchemaType } from '@colyseus/schema';
import { Chess } from 'chess.js';
import { fly, side, type Flight } from '../flight.ts';

const tickMs = 50;

/** Two bytes say a position to 1/65.5 unit. */
const Mover = schema(
  {
    x: t.quantized({ min: 0, max: side, bits: 16 }),
    y: t.quantized({ min: 0, max: side, bits: 16 }),
    kind: t.uint8(),
    owner: t.uint16(),
  },
  'Mover',
);
type Mover = SchemaType<typeof Mover>;
const Swarm = schema({ movers: t.array(Mover) }, 'Swarm');
const Cells = schema({ movers: t.array(Mover).view() }, 'Cells');

interface Flying extends Flight {
  readonly mover: Mover;
}

function flights(size: number): Flying[] {
  return Array.from({ length: size }, (_, i) => {
    const angle = Math.random() * 2 * Math.PI;
    const speed = (50 + Math.random() * 100) * (tickMs / 1000);
    const [x, y] = [Math.random() * side, Math.random() * side];
    const mover = new Mover().assign({ x, y, kind: i % 16, owner: i });
    return { mover, x, y, dx: Math.cos(angle) * speed, dy: Math.sin(angle) * speed };
  });
}

function flyOn(flying: Flying): void {
  fly(flying);
  flying.mover.x = flying.x;
  flying.mover.y = flying.y;
}

/** Everybody sees all. A patch for each tick, as soon as it is over. */
export class SwarmRoom extends Room {
  override state = new Swarm();
  override patchRate = null;

  override onCreate({ size = 1000 }: { size?: number }): void {
    const all = flights(size);
    this.state.movers.push(...all.map(({ mover }) => mover));
    this.setTimestep(() => {
      for (const flight of all) flyOn(flight);
      this.broadcastPatch();
    }, tickMs);
  }
}

/** Cells of this many units; who is in one sees what is in it. */
const cell = 250;
const perSide = side / cell;

/** One `StateView` for each cell, shared by all who are in it: encoded once. */
export class CellsRoom extends Room {
  override state = new Cells();
  override patchRate = null;
  readonly #views = Array.from({ length: perSide ** 2 }, () => new StateView());
  #joined = 0;

  override onCreate({ size = 400 }: { size?: number }): void {
    const all = flights(size);
    this.state.movers.push(...all.map(({ mover }) => mover));
    const places = all.map(cellOf);
    for (const [i, { mover }] of all.entries()) this.#views[places[i]!]!.add(mover);
    this.setTimestep(() => {
      for (const [i, flight] of all.entries()) {
        flyOn(flight);
        const now = cellOf(flight);
        if (now === places[i]) continue;
        this.#views[places[i]!]!.remove(flight.mover);
        this.#views[now]!.add(flight.mover);
        places[i] = now;
      }
      this.broadcastPatch();
    }, tickMs);
  }

  override onJoin(client: Client): void {
    client.view = this.#views[this.#joined++ % this.#views.length]!;
  }
}

const indexOf = (at: number) => Math.min(perSide - 1, Math.floor(at / cell));
const cellOf = ({ x, y }: Flight) => indexOf(x) + perSide * indexOf(y);

const Board = schema({ fen: t.string(), moves: t.uint32() }, 'Board');

/** Checks and makes moves; they go out with the next patch, every 50 ms if not said. */
export class ChessRoom extends Room {
  override state = new Board();
  readonly #chess = new Chess();

  override onCreate({ atOnce = false }: { atOnce?: boolean }): void {
    if (atOnce) this.patchRate = null;
    this.state.fen = this.#chess.fen();
    this.onMessage('move', (_client, move: { from: string; to: string; promotion?: string }) => {
      this.#chess.move(move);
      this.state.fen = this.#chess.fen();
      this.state.moves += 1;
      if (atOnce) this.broadcastPatch();
    });
  }
}
