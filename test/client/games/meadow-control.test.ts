import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MeadowControl, scarfOf } from '../../../client/games/meadow/control.ts';
import { windowOn } from '../../../client/games/meadow/window.ts';
import { eveningWords, statusWords, surroundingsWords, wind } from '../../../client/games/meadow/words.ts';
import { distance, meadow, meadowRules, side } from '../../../protocol/games/meadow.ts';
import { GameServer } from '../game-server.ts';

describe('in the meadow', () => {
  let server: GameServer;
  beforeEach(async () => {
    server = await GameServer.start([meadowRules]);
  });
  afterEach(() => server.stop());

  async function entered(count: number, page: Parameters<GameServer['page']>[0] = {}) {
    const entering = Promise.all(
      Array.from({ length: count }, () =>
        server.page(page).client.enter(meadow, { rules: meadowRules, options: { fruits: 0 } }),
      ),
    );
    await server.clock.pass(1_000);
    return (await entering).map((match) => {
      const said: string[] = [];
      const say = (text: string) => void said.push(text);
      const control = new MeadowControl({ match, still: true, say, nameOf: (id) => `Guest ${id.slice(0, 4)}` });
      return { match, said, control, at: () => match.frame().me! };
    });
  }

  it('one runs where one steers, and stands when one lets go', async () => {
    const [ada] = await entered(1);
    const { x, y } = ada!.at();
    ada!.control.steer({ x: 0.5, y: 0 });
    await server.clock.pass(1_000);
    expect(ada!.at().x - x).toBeGreaterThan(85);
    expect(ada!.at().x - x).toBeLessThan(115);
    expect(ada!.at().y).toBe(y);
    ada!.control.steer({ x: 0, y: 0 });
    await server.clock.pass(200);
    const stopped = ada!.at().x;
    await server.clock.pass(200);
    expect(ada!.at().x).toBe(stopped);
  });

  it('a cone goes to the nearest, both hear of it, and the next takes a while', async () => {
    const [ada, bob] = await entered(2);
    expect(ada!.control.canAct).toBe(true);
    ada!.control.act(null);
    await server.clock.pass(200);
    expect(bob!.at().dizzy).toBeGreaterThan(0);
    const name = (id: string | null) => `Guest ${id!.slice(0, 4)}`;
    expect(ada!.said).toEqual([`You have hit ${name(bob!.match.player)}.`]);
    expect(bob!.said).toEqual([`${name(ada!.match.player)} has hit you, and you have dropped what you carried.`]);
    expect(ada!.control.canAct).toBe(false);
    ada!.control.act(null);
    await server.clock.pass(200);
    expect(ada!.said.at(-1)).toBe('Not yet: after a toss it takes 2 seconds to find the next cone.');
    expect(ada!.control.surroundings).toContain(`Near you: ${name(bob!.match.player)}, dizzy`);
  });

  it('a cone flies and hits at once, whatever the network does', async () => {
    const [ada, bob] = await entered(2, { simulate: { roundTripMs: 150, jitterMs: 50 } });
    await server.clock.pass(1_000);
    const heard: string[] = [];
    ada!.match.on('tossed', () => heard.push('tossed'));
    ada!.match.on('hit', () => heard.push('hit'));
    ada!.control.act(null);
    const victim = () => ada!.match.frame().players[bob!.match.player!]!;
    expect(heard).toEqual(['tossed', 'hit']);
    expect(ada!.control.canAct).toBe(false);
    expect(victim().dizzy).toBe(30);
    for (let passed = 0; passed < 1_000; passed += 20) {
      await server.clock.pass(20);
      expect(victim().dizzy).toBeGreaterThan(0);
      expect(ada!.control.canAct).toBe(false);
    }
    expect(bob!.at().dizzy).toBeGreaterThan(0);
    expect(heard).toEqual(['tossed', 'hit']);
  });

  it('a mouse aims within what the canvas shows, and a cone does not fly too far', async () => {
    const [ada] = await entered(1);
    const { x, y } = ada!.at();
    ada!.control.window = { left: x - 500, top: y - 300, width: 1_000, height: 600, zoom: 1 };
    const tossed: { x: number; y: number }[] = [];
    ada!.match.on('tossed', (cone) => tossed.push(cone));
    ada!.control.act({ x: 0.99, y: 0.5 });
    await server.clock.pass(200);
    expect(ada!.said).toEqual(['That is too far to toss.']);
    ada!.control.act({ x: 0.75, y: 0.5 });
    await server.clock.pass(200);
    expect(tossed).toHaveLength(1);
    expect(distance(tossed[0]!, { x: x + 250, y })).toBeLessThan(1);
  });

  it('alone there is nobody to toss at', async () => {
    const [ada] = await entered(1);
    ada!.control.act(null);
    expect(ada!.said).toEqual(['Nobody is near enough for a cone.']);
  });

  it('everybody who is there has a score, and after the control has gone nothing is said', async () => {
    const [ada, bob] = await entered(2);
    const players = [ada!, bob!].map(({ match }) => match.player!).toSorted((a, b) => (a < b ? -1 : 1));
    const scores = ada!.control.scores.map(({ player, score }) => [player, score]);
    expect(scores).toEqual(players.map((player) => [player, 0]));
    bob!.control.dispose();
    ada!.control.act(null);
    await server.clock.pass(200);
    expect(bob!.said).toEqual([]);
  });
});

describe('the meadow in words', () => {
  const nameOf = (id: string) => id;
  const ada = { x: 700, y: 968, dizzy: 0, rest: 0, basket: 2 };

  it.each([
    [{ x: 10, y: 0 }, 'east'],
    [{ x: 0, y: 10 }, 'south'],
    [{ x: -10, y: -10 }, 'north-west'],
    [{ x: -10, y: 1 }, 'west'],
    [{ x: 3, y: -10 }, 'north'],
  ])('%j from here is %s', (to, where) => {
    expect(wind({ x: 0, y: 0 }, to)).toBe(where);
  });

  it('tell where the stump is, and the nearest things first', () => {
    const words = surroundingsWords(
      {
        me: ada,
        players: { ada, bob: { ...ada, x: 900, dizzy: 4 }, far: { ...ada, x: 1_400 } },
        entities: { fruit: { 1: { x: 700, y: 900, kind: 'apple' } } },
      },
      'ada',
      nameOf,
    );
    expect(words).toBe('The stump is 21 steps north. Near you: apple 7 steps north; bob, dizzy 20 steps east.');
  });

  it('tell where the meadow ends', () => {
    const me = { ...ada, x: 30, y: side - 30, dizzy: 2 };
    const words = surroundingsWords({ me, players: { ada: me }, entities: { fruit: {} } }, 'ada', nameOf);
    expect(words).toContain('Nothing is near. The meadow ends to the south and west. You are dizzy.');
  });

  it('count down to the evening, and name who has won it', () => {
    expect(statusWords(3, { evening: 2_400 }, 720)).toBe('Basket: 3 of 6. Evening in 1:24.');
    expect(statusWords(0, { evening: 2_400 }, 2_500)).toBe('Basket: 0 of 6. Evening in 0:00.');
    expect(eveningWords({ winner: 'ada', score: 7 }, 'ada', nameOf)).toContain('you have brought home most, 7.');
    expect(eveningWords({ winner: 'bob', score: 7 }, 'ada', nameOf)).toContain('bob has brought home most, 7.');
    expect(eveningWords({ winner: null, score: 0 }, 'ada', nameOf)).toContain('nobody has brought anything home');
  });

  it('a player keeps the colour of its scarf', () => {
    expect(scarfOf('k3j9x0a1b2c3')).toBe(scarfOf('k3j9x0a1b2c3'));
    expect(new Set(Array.from({ length: 40 }, (_, i) => scarfOf(`guest${i}`))).size).toBeGreaterThan(5);
  });
});

describe('the window on the meadow', () => {
  it.each([
    [{ width: 1_280, height: 750, ratio: 1 }],
    [{ width: 780, height: 1_580, ratio: 2 }],
    [{ width: 1_688, height: 680, ratio: 2 }],
    [{ width: 3_840, height: 2_000, ratio: 1 }],
  ])('of %j lies in the meadow, and shows no more than interest covers', (canvas) => {
    for (const at of [0, 300, 513, 768, 1_100, side]) {
      const { left, top, width, height, zoom } = windowOn({ x: at, y: at }, canvas);
      expect(width * zoom).toBeCloseTo(canvas.width);
      expect(height * zoom).toBeCloseTo(canvas.height);
      for (const [from, length] of [
        [left, width],
        [top, height],
      ] as const) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(from + length).toBeLessThanOrEqual(side);
        const cell = Math.floor(Math.min(at, side - 1) / 512);
        expect(from).toBeGreaterThanOrEqual((cell - 1) * 512);
        expect(from + length).toBeLessThanOrEqual((cell + 2) * 512);
      }
    }
  });
});
