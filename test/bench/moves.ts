/** A move of connect_four, from sending it to the other player's event: one at a time, over random matches. */
import { WebSocket } from 'ws';
import {
  connectWebSocket,
  gameUris,
  harness,
  join,
  lobbyUris,
  serializers,
  type Session,
} from '../../protocol/index.ts';
import { connectFourRules } from '../../protocol/games/connect-four.ts';
import type { Figures } from './measure.ts';
import { open } from './peer.ts';

/** The lobby lets one player make 20 a minute. */
const matches = 18;
/** In one match: more would meet the limit of moves per second. */
const mostMoves = 36;
const game = 'connect_four';

/** Through router and authority, with our session at both ends. */
export async function moves(host: string): Promise<Figures> {
  const url = `ws://${host}/ws`;
  const players = [await player(url), await player(url)] as const;
  const latencies: number[] = [];
  for (let seed = 1; seed <= matches; seed++) latencies.push(...(await playMatch(players, randomColumns(seed))));
  await Promise.all(players.map((session) => session.leave()));
  return figuresOf(latencies);
}

/** Texts as long as the event, relayed. */
export async function relayed(host: string): Promise<Figures> {
  const to = await open(`ws://${host}/callee`);
  const from = await open(`ws://${host}/caller`);
  const latencies: number[] = [];
  for (let i = 0; i < matches * 25; i++) {
    const start = performance.now();
    const received = new Promise<void>((resolve) => (to.onMessage = () => resolve()));
    from.send(eventText);
    await received;
    latencies.push(performance.now() - start);
  }
  await Promise.all([from.close(), to.close()]);
  return figuresOf(latencies);
}

/** What a move's event looks like. */
const eventText = JSON.stringify([
  36,
  12,
  1234567890123456,
  {},
  [
    {
      type: 'commit',
      version: 12,
      delta: { state: { board: { 3: { 2: [1], length: 3 } }, last: [3] }, toAct: { 0: [1] } },
      events: [{ event: 'landed', data: { column: 3, row: 2 }, by: 0 }],
    },
  ],
]);

async function player(url: string): Promise<Session> {
  const json = serializers.filter(({ name }) => name === 'json');
  return join(await connectWebSocket(url, { WebSocket, serializers: json }), { realm: 'realmkit' });
}

/** @returns how long each move took to reach the other. */
async function playMatch(players: readonly [Session, Session], columns: readonly number[]): Promise<number[]> {
  const [first, second] = players;
  const { args } = await first.call(lobbyUris.create, [], { game, opponent: 'friend', seat: 0 });
  const uris = gameUris(game).match((args[0] as { match: string }).match);
  const arrivals = new Arrivals();
  for (const [seat, session] of players.entries()) {
    await session.subscribe(uris.state.json, ({ args: [change] }) =>
      arrivals.note(seat, (change as { version: number }).version),
    );
  }
  await first.call(uris.join, [], { form: 'json' });
  await second.call(uris.join, [], { form: 'json' });
  const latencies: number[] = [];
  for (const [turn, column] of columns.entries()) {
    const mover = turn % 2;
    const start = performance.now();
    const answer = await players[mover]!.call(uris.move('drop'), [{ column }]);
    const { version } = answer.args[0] as { version: number };
    latencies.push((await arrivals.of(1 - mover, version)) - start);
  }
  await first.call(uris.leave);
  await second.call(uris.leave);
  return latencies;
}

/** When each version reached each player. */
class Arrivals {
  readonly #times = new Map<string, number>();
  readonly #waiting = new Map<string, (time: number) => void>();

  note(seat: number, version: number): void {
    const time = performance.now();
    this.#times.set(`${seat} ${version}`, time);
    this.#waiting.get(`${seat} ${version}`)?.(time);
  }

  of(seat: number, version: number): Promise<number> {
    const key = `${seat} ${version}`;
    const time = this.#times.get(key);
    return time === undefined ? new Promise((resolve) => this.#waiting.set(key, resolve)) : Promise.resolve(time);
  }
}

/** The columns of a match played by chance. */
function randomColumns(seed: number): number[] {
  const match = harness(connectFourRules);
  const columns: number[] = [];
  for (
    let chance = seed;
    match.view.result === null && columns.length < mostMoves;
    chance = (chance * 48_271) % 0x7fffffff
  ) {
    const legal = match.mover.legal().filter(({ move }) => move === 'drop');
    const call = legal[chance % legal.length]!;
    match.mover.play(call);
    if (call.move === 'drop') columns.push(call.args.column);
  }
  return columns;
}

const figuresOf = (latencies: number[]): Figures => ({
  operations: latencies.length,
  ms: latencies.reduce((sum, ms) => sum + ms, 0),
  cpuMs: 0,
  latencies,
});
