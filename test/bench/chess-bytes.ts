/** What two players receive over WebSocket during a chess game of 80 plies: every byte of every frame's payload. */
import { WebSocket } from 'ws';
import {
  connectWebSocket,
  gameUris,
  harness,
  join,
  lobbyUris,
  SeededRandom,
  seeded,
  serializers,
  type AnyMove,
  type Session,
  type WireForm,
} from '../../protocol/index.ts';
import { chessRules } from '../../protocol/games/chess.ts';
import { sleep, type Figures } from './measure.ts';

const plies = 80;
/** Between two moves: under the limit of moves per second. */
const pauseMs = 60;
const { name } = chessRules.game;

/** @returns bytes for each move and player, answers to the mover among them. */
export async function chessBytes(host: string, form: WireForm): Promise<Figures> {
  const counter = { bytes: 0 };
  const players = [await player(host, counter), await player(host, counter)] as const;
  const { args } = await players[0].call(lobbyUris.create, [], { game: name, opponent: 'friend', seat: 0 });
  const uris = gameUris(name).match((args[0] as { match: string }).match);
  for (const session of players) {
    await session.subscribe(uris.state[form], () => {});
    await session.call(uris.join, [], { form });
  }
  await sleep(pauseMs);
  counter.bytes = 0;
  const start = performance.now();
  for (const [ply, { move, args: given }] of randomGame().entries()) {
    await players[ply % 2]!.call(uris.move(move), [given]);
    await sleep(pauseMs);
  }
  const { bytes } = counter;
  await Promise.all(players.map((session) => session.leave()));
  return { operations: plies, ms: performance.now() - start, cpuMs: 0, bytesEach: bytes / plies / players.length };
}

function player(host: string, counter: { bytes: number }): Promise<Session> {
  class Counted extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      this.on('message', (data: ArrayBuffer) => (counter.bytes += data.byteLength));
    }
  }
  const msgpack = serializers.filter((serializer) => serializer.name === 'msgpack');
  return connectWebSocket(`ws://${host}/ws`, { WebSocket: Counted, serializers: msgpack }).then((transport) =>
    join(transport, { realm: 'realmkit' }),
  );
}

function randomGame(): readonly AnyMove[] {
  for (let seed = 1; ; seed++) {
    const random = new SeededRandom(seeded(seed));
    const match = harness(chessRules, { seed });
    const moves: AnyMove[] = [];
    while (match.view.result === null && moves.length < plies) {
      const move = random.pick(match.mover.legal());
      match.mover.play(move);
      moves.push(move);
    }
    if (moves.length === plies) return moves;
  }
}
