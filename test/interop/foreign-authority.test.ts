/** A Python component that was written from docs/wire.md hosts a game, and clients of ours play it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connect, JoinError, type Match } from '../../client/index.ts';
import { concealed, type MatchSummary } from '../../protocol/index.ts';
import { connectFourRules } from '../../protocol/games/connect-four.ts';
import { startGameServer, type Running } from '../../server/main.ts';
import { storeOf } from '../client/game-server.ts';
import { bullsAndCows } from '../examples/bulls-and-cows/game.ts';
import { python, pythonMissing } from './clients/index.ts';

type BullsAndCows = Match<(typeof bullsAndCows)['types']>;

const program = join(import.meta.dirname, '..', 'examples', 'bulls-and-cows', 'authority.py');
const ticket = 'a ticket of at least thirty-two characters';
const reason = pythonMissing === undefined ? '' : ` (${pythonMissing})`;

let server: Running;
beforeAll(async () => {
  const authorities = { python_host: ticket };
  server = await startGameServer({ host: '127.0.0.1', port: 0, games: [connectFourRules], authorities });
});
afterAll(() => server.stop());

const url = () => `ws://127.0.0.1:${server.port}/ws`;

function start(given: string, ...args: string[]): ChildProcess {
  const env = { ...process.env, REALMKIT_TICKET: given };
  return spawn(python, [program, url(), 'python_host', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
}

/** It says so. */
async function hosting({ stdout }: ChildProcess): Promise<void> {
  for await (const line of createInterface(stdout!)) if (line.startsWith('hosting')) return;
  throw new Error('the authority has ended');
}

function visitor() {
  const client = connect({ url: url() });
  onTestFinished(() => client.close());
  return client;
}

describe.skipIf(pythonMissing !== undefined)(`an authority in Python${reason}`, () => {
  let authority: ChildProcess;
  beforeAll(async () => {
    authority = start(ticket, '--fingerprint', bullsAndCows.fingerprint);
    authority.stderr!.pipe(process.stderr);
    await hosting(authority);
  });
  afterAll(async () => {
    authority.kill();
    await once(authority, 'exit');
  });

  const seated = async (options = {}) => {
    const [ada, bob] = [visitor(), visitor()];
    const first = await ada.join(bullsAndCows, { match: 'new', opponent: 'friend', seat: 0, options });
    const second = await bob.join(bullsAndCows, { match: { id: first.id } });
    await first.until(({ seats }) => seats.every(({ connected }) => connected));
    return { ada, bob, first, second };
  };

  test('is found by quick match, and two clients play a match of it to its end', async () => {
    const [ada, bob] = [visitor(), visitor()];
    let listed: readonly MatchSummary[] = [];
    const stopWatching = ada.lobby.watch((matches) => (listed = matches));
    const quick = { match: 'quick', options: { digits: 3 } } as const;
    const first = await ada.join(bullsAndCows, quick);
    const second = await bob.join(bullsAndCows, quick);
    expect([second.id, first.seat, second.seat]).toEqual([first.id, 0, 1]);
    await expect.poll(() => listed).toMatchObject([{ id: first.id, game: 'bulls_and_cows', status: 'playing' }]);
    stopWatching();
    const heard: unknown[] = [];
    second.on('guessed', (answer) => heard.push(answer));

    const results = await Promise.all([play(first, [0, 1, 2]), play(second, [7, 8, 9])]);
    expect(results[0]).toMatchObject({ reason: 'guessed' });
    expect(results[1]).toEqual(results[0]);
    await second.until(({ version }) => version >= first.view.version);
    expect(second.view).toEqual({ ...first.view, state: second.view.state });
    expect(first.view.state.codes).toEqual([[0, 1, 2], concealed]);
    expect(second.view.state.codes).toEqual([concealed, [7, 8, 9]]);
    const { guesses } = first.view.state;
    expect(heard).toHaveLength(guesses[0].length + guesses[1].length);
    expect(await ada.lobby.find(first.id)).toMatchObject({ status: 'over', listed: true });
  });

  test('refuses by typed codes what its rules and the framework do not allow', async () => {
    const { first, second } = await seated();
    const codeOf = async (move: ReturnType<typeof first.moves.hide>) => {
      const outcome = await move;
      return outcome.ok ? 'ok' : [outcome.error.code, outcome.error.details];
    };
    expect(await codeOf(first.moves.hide({ code: [1, 2] }))).toEqual(['wrong_length', { digits: 4 }]);
    expect(await codeOf(first.moves.hide({ code: [1, 2, 3, 1] }))).toEqual(['repeated_digit', { digit: 1 }]);
    const issues = [{ path: 'code', message: 'a list of digits is wanted' }];
    expect(await codeOf(first.moves.hide({ code: [1, 2, 3, 12] }))).toEqual(['bad_arguments', { issues }]);
    expect(await codeOf(first.moves.guess({ code: [1, 2, 3, 4] }))).toEqual([
      'wrong_phase',
      { phase: 'hiding', stage: null },
    ]);
    expect(await codeOf(first.moves.hide({ code: [1, 2, 3, 4] }))).toBe('ok');
    expect(await codeOf(first.moves.hide({ code: [1, 2, 3, 4] }))).toEqual(['not_your_turn', { toAct: [1] }]);
    expect(await codeOf(second.moves.hide({ code: [5, 6, 7, 8] }))).toBe('ok');
    await expect(visitor().join(bullsAndCows, { match: 'quick', options: { digits: 9 } })).rejects.toThrow(
      'digits: a whole number from 3 to 6 is wanted',
    );
    await expect(visitor().join(bullsAndCows, { match: { id: first.id } })).rejects.toEqual(
      new JoinError('full', 'There is no free seat.'),
    );
    await expect(visitor().join(bullsAndCows, { match: { id: 'nowhere' } })).rejects.toEqual(
      new JoinError('no_such_match', 'There is no such match.'),
    );
    const other = { ...bullsAndCows, fingerprint: 'of other schemas' };
    await expect(visitor().join(other, { match: { id: first.id }, watch: true })).rejects.toMatchObject({
      code: 'outdated_client',
    });
  });

  test('makes a move once, however often it is sent', async () => {
    const { ada, first } = await seated();
    const session = await ada.online();
    const uris = bullsAndCows.uris.match(first.id);
    const send = async () => (await session.call(uris.move('hide'), [{ code: [1, 2, 3, 4] }], { id: 'once' })).args;
    const answer = await send();
    expect(await send()).toEqual(answer);
    expect(first.view).toMatchObject({ ...(answer[0] as object), toAct: [1] });
  });

  test('keeps the seat of who drops, and knows who comes back', async () => {
    const storage = storeOf(new Map());
    const bob = connect({ url: url(), storage });
    const { id } = await bob.join(bullsAndCows, { match: 'new', opponent: 'friend', seat: 1 });
    const ours = await visitor().join(bullsAndCows, { match: { id } });
    expect(ours.seat).toBe(0);
    bob.close();
    const away = await ours.until(({ seats }) => !seats[1].connected);
    expect(away.seats[1].heldUntil! - ours.now).toBeGreaterThan(100_000);
    const again = connect({ url: url(), storage });
    onTestFinished(() => again.close());
    expect((await again.join(bullsAndCows, { match: { id } })).seat).toBe(1);
    const { seats } = await ours.until((view) => view.seats[1].connected);
    expect(seats[1]).not.toHaveProperty('heldUntil');
  });

  test('lets the other win when one leaves', async () => {
    const { first, second } = await seated();
    await second.leave();
    const { result } = await first.until((view) => view.result !== null);
    expect(result).toEqual({ winner: 0, reason: 'left' });
  });

  test('makes another match after the end, when both want it', async () => {
    const { ada, bob, first, second } = await seated();
    expect(await first.offer('rematch')).toMatchObject({ ok: false, error: { code: 'bad_arguments' } });
    await first.moves.hide({ code: [1, 2, 3, 4] });
    await second.moves.hide({ code: [5, 6, 7, 8] });
    expect(await first.moves.guess({ code: [5, 6, 7, 8] })).toMatchObject({ ok: true });
    expect(first.view.result).toEqual({ winner: 0, reason: 'guessed' });
    await first.offer('rematch');
    expect(first.view.rematch).toEqual({ wantedBy: [0], match: null });
    await second.offer('rematch');
    const { match } = (await first.until(({ rematch }) => rematch.match !== null)).rematch;
    const [one, other] = [ada, bob].map((client) => client.join(bullsAndCows, { match: { id: match! } }));
    expect([(await one!).seat, (await other!).seat]).toEqual([1, 0]);
  });

  test('is followed by spectators, who see no number', async () => {
    const { first, second } = await seated();
    const watching = await visitor().join(bullsAndCows, { match: { id: first.id }, watch: true });
    await first.moves.hide({ code: [1, 2, 3, 4] });
    await second.moves.hide({ code: [5, 6, 7, 8] });
    const view = await watching.until(({ phase }) => phase === 'guessing');
    expect(view.state).toEqual({ codes: [concealed, concealed], isHidden: [true, true], guesses: [[], []] });
  });
});

describe.skipIf(pythonMissing !== undefined)(`a component that comes and goes${reason}`, () => {
  test('takes its matches with it, and whoever plays is told', async () => {
    const authority = start(ticket);
    await hosting(authority);
    const client = visitor();
    const match = await client.join(bullsAndCows, { match: 'quick' });
    authority.kill('SIGKILL');
    await once(authority, 'exit');
    const outcome = await match.moves.hide({ code: [1, 2, 3, 4] });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'no_such_match' } });
    await expect(client.join(bullsAndCows, { match: 'quick' })).rejects.toMatchObject({ code: 'no_such_game' });
  });

  test('waits for who is away, and gives up who stays away', () => {
    const tests = join(program, '..', 'match_test.py');
    const { status, stderr } = spawnSync(python, [tests], { encoding: 'utf8' });
    expect(stderr).toMatch(/Ran 6 tests .*OK/s);
    expect(status).toBe(0);
  });

  test('hosts nothing without the right ticket', async () => {
    const stranger = start('another ticket of thirty-two characters');
    expect(await text(stranger.stderr!)).toContain('wamp.error.authentication_denied');
    if (stranger.exitCode === null) await once(stranger, 'exit');
    expect(stranger.exitCode).toBe(1);
  });
});

/** Hides a number, then guesses one that all answers so far allow, until the match is over. */
async function play(match: BullsAndCows, code: readonly number[]) {
  for (;;) {
    const view = await match.until(({ result, toAct }) => result !== null || toAct.some((seat) => seat === match.seat));
    if (view.result) return view.result;
    const seat = match.seat!;
    const move =
      view.phase === 'hiding'
        ? match.moves.hide({ code: [...code] })
        : match.moves.guess({ code: next(view.state.guesses[seat]) });
    expect(await move).toMatchObject({ ok: true });
  }
}

type Guess = BullsAndCows['view']['state']['guesses'][0][number];

/** The last number of three digits that fits: 987 is the first. */
function next(guesses: readonly Guess[]): number[] {
  for (let number = 987; number > 11; number--) {
    const code = Array.from(String(number).padStart(3, '0'), Number);
    if (new Set(code).size === 3 && guesses.every((guess) => fits(guess, code))) return code;
  }
  throw new Error(`no number fits ${JSON.stringify(guesses)}`);
}

function fits({ code, bulls, cows }: Guess, hidden: readonly number[]): boolean {
  const same = code.filter((digit, index) => digit === hidden[index]).length;
  return same === bulls && code.filter((digit) => hidden.includes(digit)).length - same === cows;
}
