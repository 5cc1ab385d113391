import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concealed,
  RunningWorld,
  WorldFollower,
  WorldPublisher,
  type Published,
  WorldSight,
  type Happening,
} from '../../../protocol/index.ts';
import { village, villageRules } from './village.ts';

const cell = 256;
const cellOf = ({ x, y }: { x: number; y: number }) => [Math.floor(x / cell), Math.floor(y / cell)] as const;

const messagesTo = (id: string, pieces: readonly Published[]): readonly Uint8Array[] =>
  pieces.filter(({ to }) => to === null || to.includes(id)).flatMap(({ messages }) => messages);

/** An authority, and clients that follow what is published. */
function published(options: object = { coins: 20 }) {
  const world = new RunningWorld(villageRules, { options, seed: 3 });
  const publisher = new WorldPublisher(world);
  const clients = new Map<string, { follower: WorldFollower; events: Happening[]; bytes: number }>();
  const inputs = new Map<string, number>();
  return {
    world,
    publisher,
    clients,
    join(id: string) {
      world.enter(id);
      const follower = new WorldFollower(village);
      follower.reset(publisher.snapshot(id), id);
      clients.set(id, { follower, events: [], bytes: 0 });
      return follower;
    },
    leave(id: string) {
      world.leave(id);
      clients.delete(id);
    },
    toggle(id: string) {
      if (world.players.has(id)) this.leave(id);
      else this.join(id);
    },
    go(id: string, dx: number, dy: number) {
      inputs.set(id, (inputs.get(id) ?? 0) + 1);
      world.input(id, inputs.get(id)!, [{ dx, dy }]);
    },
    tick() {
      const stepped = world.step();
      expect(stepped.failures).toEqual([]);
      const pieces = publisher.publish(stepped);
      for (const [id, client] of clients) {
        for (const message of messagesTo(id, pieces)) {
          client.bytes += message.length;
          const followed = client.follower.accept(message);
          expect(['lost', 'diverged']).not.toContain(followed);
          if (typeof followed === 'object') client.events.push(...followed.events);
        }
      }
    },
    /** What a player should see, by the rules of sight and interest alone. */
    expected(id: string) {
      const sight = new WorldSight(world, id);
      const me = world.players.get(id) as { x: number; y: number };
      const [column, row] = cellOf(me);
      const isNear = (thing: object) => {
        const [x, y] = cellOf(thing as { x: number; y: number });
        return Math.abs(x - column) <= 1 && Math.abs(y - row) <= 1;
      };
      const near = (things: ReadonlyMap<string, object>) => [...things].filter(([, thing]) => isNear(thing));
      const players = Object.fromEntries(near(world.players).map(([key, player]) => [key, sight.player(key, player)]));
      return {
        version: publisher.version,
        epoch: 1,
        tick: world.tick,
        shared: world.shared,
        players,
        entities: { coin: Object.fromEntries(near(world.entities('coin'))) },
        me: players[id],
      };
    },
  };
}

describe('what is published', () => {
  it('shows each player exactly what is near, with its own secrets, through all coming and going', () => {
    const doing = fc.oneof(
      {
        weight: 30,
        arbitrary: fc.record({
          go: fc.constantFrom('ada', 'bob', 'zoe'),
          dx: fc.integer({ min: -1, max: 1 }),
          dy: fc.integer({ min: -1, max: 1 }),
          ticks: fc.integer({ min: 1, max: 60 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ toggle: fc.constantFrom('ada', 'bob', 'zoe') }) },
      { weight: 5, arbitrary: fc.record({ buy: fc.constantFrom('ada', 'bob', 'zoe') }) },
      {
        weight: 5,
        arbitrary: fc.record({ plan: fc.constantFrom('ada', 'bob', 'zoe'), text: fc.string({ maxLength: 5 }) }),
      },
    );
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 30 }), (all) => {
        const here = published();
        here.join('ada');
        for (const what of all) {
          if ('toggle' in what) here.toggle(what.toggle);
          else if ('buy' in what) here.world.move(what.buy, 'buy', { item: 'rope', quantity: 1 });
          else if ('plan' in what) here.world.move(what.plan, 'plan', { text: what.text });
          const ticks = 'go' in what ? what.ticks : 1;
          for (let i = 0; i < ticks; i++) {
            if ('go' in what && here.world.players.has(what.go)) here.go(what.go, what.dx, what.dy);
            here.tick();
          }
          for (const [id, { follower }] of here.clients) expect(follower.view).toEqual(here.expected(id));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('says which inputs and moves are in it', () => {
    const here = published();
    const ada = here.join('ada');
    here.go('ada', 1, 0);
    here.go('ada', 1, 0);
    here.tick();
    expect(ada.taken('ada')).toEqual({ input: 1, move: 0 });
    here.world.move('ada', 'buy', { item: 'rope', quantity: 1 }, 7);
    here.world.move('ada', 'buy', { item: 'rope', quantity: 9 }, 8);
    here.world.move('ada', 'buy', { item: 'rope', quantity: 9 }, 9); // it is refused
    here.tick();
    expect(ada.taken('ada')).toEqual({ input: 2, move: 8 });
  });

  it('says that a move is in it, also one of a player at rest that others see nothing of', () => {
    const here = published();
    const ada = here.join('ada');
    for (let i = 0; i < 20; i++) here.tick();
    here.world.move('ada', 'plan', { text: 'by night' }, 1);
    here.tick();
    expect(ada.view.me).toMatchObject({ plan: 'by night' });
    expect(ada.taken('ada')).toEqual({ input: 0, move: 1 });
  });

  it('tells events near by in their order, each player its own form of them', () => {
    const here = published();
    for (const id of ['ada', 'bob', 'zoe']) here.join(id);
    for (let i = 0; i < 200; i++) {
      here.go('zoe', 1, 0);
      here.tick();
    }
    here.world.move('ada', 'buy', { item: 'bread', quantity: 1 });
    here.world.move('bob', 'buy', { item: 'rope', quantity: 1 });
    here.tick();
    const heard = (id: string) => here.clients.get(id)!.events;
    expect(heard('ada')).toEqual([
      { event: 'bought', data: { item: 'bread', price: 3 } },
      { event: 'bought', data: { item: 'rope', price: concealed } },
    ]);
    expect(heard('bob')).toEqual([
      { event: 'bought', data: { item: 'bread', price: concealed } },
      { event: 'bought', data: { item: 'rope', price: 3 } },
    ]);
    expect(heard('zoe')).toEqual([]);
  });

  it('that was missed is noticed, and a snapshot mends it', () => {
    const here = published();
    const ada = here.join('ada');
    here.publisher.publish(here.world.step());
    const [commit] = messagesTo('ada', here.publisher.publish(here.world.step())).slice(-1);
    expect(ada.accept(commit!)).toBe('lost');
    expect(ada.accept(commit!)).toBe('lost');
    ada.reset(here.publisher.snapshot('ada'), 'ada');
    here.tick();
    expect(ada.view).toEqual(here.expected('ada'));
  });

  it('that is old is ignored, and broken bytes are noticed', () => {
    const here = published();
    const ada = here.join('ada');
    const messages = messagesTo('ada', here.publisher.publish(here.world.step()));
    for (const message of messages) ada.accept(message);
    for (const message of messages) expect(ada.accept(message)).toBe('nothing yet');
    const [next] = messagesTo('ada', here.publisher.publish(here.world.step())).slice(-1);
    expect(ada.accept(next!.slice(0, 2))).toBe('diverged');
  });

  /** What a player receives of a tick. */
  const received = ({ world, publisher }: ReturnType<typeof published>, ...ids: string[]) => {
    const pieces = publisher.publish(world.step());
    return ids.map((id) => messagesTo(id, pieces));
  };
  /** Ada and bob, and mia of the other team, stand still; zoe does so far away. */
  function apart() {
    const here = published();
    for (const id of ['ada', 'bob', 'mia', 'zoe']) here.join(id);
    for (let i = 0; i < 200; i++) {
      here.go('zoe', 1, 0);
      here.tick();
    }
    for (let i = 0; i < 40; i++) here.tick();
    return here;
  }

  it('is the same to the byte, whatever happens out of sight, and when', () => {
    const [quiet, busy] = [apart(), apart()];
    busy.world.move('zoe', 'buy', { item: 'rope', quantity: 1 });
    for (const { world } of [quiet, busy]) world.move('bob', 'buy', { item: 'bread', quantity: 2 });
    expect(received(busy, 'ada', 'bob')).toEqual(received(quiet, 'ada', 'bob'));
  });

  it('is one piece for all who see the same, and one for each who is told something alone', () => {
    const here = apart();
    const told = () => here.publisher.publish(here.world.step()).map(({ to, messages }) => [to, messages.length]);
    expect(told()).toEqual([
      [['ada', 'bob', 'mia'], 1], // nothing but the commit: all stand still
      [['zoe'], 1],
    ]);
    here.go('bob', 0, 1);
    expect(told()).toEqual([
      [['ada', 'bob', 'mia'], 2], // and what has changed in their cell
      [['zoe'], 1],
    ]);
    for (let i = 0; i < 40; i++) told();
    here.world.move('bob', 'plan', { text: 'by night' });
    expect(told()).toEqual([
      [['mia'], 1],
      [['zoe'], 1],
      [['ada'], 2], // and what its team plans
      [['bob'], 2],
    ]);
  });

  it('is of no cell that nobody sees: who comes near is told all that is there', () => {
    const here = published({ coins: 0 });
    const [ada, zoe] = [here.join('ada'), here.join('zoe')];
    const go = (id: string, dx: number, ticks: number) => {
      for (let i = 0; i < ticks; i++) {
        here.go(id, dx, 0);
        here.tick();
      }
    };
    go('zoe', 1, 300);
    expect(Object.keys(ada.view.players)).toEqual(['ada']);
    here.leave('zoe');
    here.world.enter('zoe'); // at the start, and gone again before anybody is told
    here.leave('zoe');
    go('ada', 1, 150);
    here.world.enter('bob'); // where nobody is any more
    for (let i = 0; i < 5; i++) here.tick();
    go('ada', -1, 150);
    expect(Object.keys(ada.view.players)).toEqual(['bob', 'ada']);
    expect(ada.view).toEqual(here.expected('ada'));
    expect(zoe.view.players).not.toHaveProperty('bob');
  });

  it('does not show that a secret has changed, not even by a message, but to whom it is no secret', () => {
    const [quiet, busy] = [apart(), apart()];
    busy.world.move('ada', 'plan', { text: 'by night' });
    const [bob, mia] = received(busy, 'bob', 'mia');
    expect(received(quiet, 'bob', 'mia')).toEqual([[expect.any(Uint8Array)], mia]);
    expect(bob).toHaveLength(2);
  });
});
