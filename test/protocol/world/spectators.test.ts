import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConcealed, RunningWorld, WorldFollower, WorldPublisher } from '../../../protocol/index.ts';
import { village, villageDefinition, villageRules } from './village.ts';

type Watched = string | null;

/** A village whose spectators follow players, or look at the well in the middle. */
const watchedRules = village.rules({
  ...villageDefinition,
  spectator: ({ follow }) => (follow ? [follow.x, follow.y] : [0, 0]),
});

function watched(rules = watchedRules) {
  const world = new RunningWorld(rules, { options: { coins: 20 }, seed: 3 });
  const publisher = new WorldPublisher(world);
  const spectators = new Map<Watched, WorldFollower>();
  let inputs = 0;
  return {
    world,
    publisher,
    spectators,
    watch(follow: Watched) {
      const follower = new WorldFollower(village);
      follower.reset(publisher.snapshot(null, follow), null);
      spectators.set(follow, follower);
      return follower;
    },
    tick(id = 'ada', dx = 0, dy = 0) {
      world.input(id, ++inputs, [{ dx, dy }]);
      for (const { watching, messages } of publisher.publish(world.step(), spectators.keys()))
        for (const [follow, follower] of spectators)
          for (const message of watching.includes(follow) ? messages : [])
            expect(['lost', 'diverged']).not.toContain(follower.accept(message));
    },
  };
}

describe('a spectator of a world with interest', () => {
  it('sees what is near the player it follows, wherever that one goes, and however often it comes and goes', () => {
    const doing = fc.oneof(
      { weight: 8, arbitrary: fc.record({ dx: fc.integer({ min: -1, max: 1 }), dy: fc.integer({ min: -1, max: 1 }) }) },
      { weight: 2, arbitrary: fc.record({ toggle: fc.constantFrom('ada', 'bob') }) },
      { weight: 2, arbitrary: fc.record({ watch: fc.constantFrom('ada', 'bob', 'nobody', null) }) },
      { weight: 1, arbitrary: fc.record({ part: fc.constantFrom('ada', 'bob', null) }) },
    );
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 30 }), (all) => {
        const here = watched();
        for (const id of ['ada', 'bob']) here.world.enter(id);
        for (const what of all) {
          if ('toggle' in what) here.world[here.world.players.has(what.toggle) ? 'leave' : 'enter'](what.toggle);
          else if ('watch' in what) here.watch(what.watch);
          else if ('part' in what) here.spectators.delete(what.part);
          for (let i = 0; i < 50; i++) here.tick('ada', 'dx' in what ? what.dx : 0, 'dy' in what ? what.dy : 0);
          for (const [follow, { view }] of here.spectators) expect(view).toEqual(here.publisher.view(null, follow));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('sees of players what everybody may see, and nothing else', () => {
    const here = watched();
    for (const id of ['ada', 'bob']) here.world.enter(id);
    const { view } = here.watch('ada');
    here.tick();
    here.world.move('ada', 'plan', { text: 'tonight' });
    here.world.move('ada', 'buy', { item: 'rope', quantity: 1 });
    here.tick();
    const ada = here.spectators.get('ada')!.view.players['ada'] as { [field: string]: unknown };
    expect(view.me).toBe(null);
    expect(ada).toMatchObject({ x: 0, team: 'red' });
    expect([ada['gold'], ada['bag'], ada['plan']].every(isConcealed)).toBe(true);
    expect(ada).not.toHaveProperty('luck');
  });

  it('is told nothing that is far from the player it follows', () => {
    const here = watched();
    for (const id of ['ada', 'bob']) here.world.enter(id);
    for (let i = 0; i < 300; i++) here.tick('ada', 1, 0);
    here.watch('ada');
    for (let i = 0; i < 30; i++) here.tick();
    const bytesOf = (move: boolean) => {
      if (move) here.world.input('bob', 1, [{ dx: 0, dy: 1 }]);
      const pieces = here.publisher.publish(here.world.step(), ['ada']);
      const [messages = []] = pieces.filter(({ watching }) => watching.includes('ada')).map((piece) => piece.messages);
      return messages.map(({ length }) => length);
    };
    expect(here.spectators.get('ada')!.view.players).not.toHaveProperty('bob');
    bytesOf(false);
    bytesOf(false); // nobody moves any more
    expect(bytesOf(true)).toEqual(bytesOf(false));
  });

  it('hears events that are near, in their public form', () => {
    const here = watched();
    here.world.enter('ada');
    here.world.move('ada', 'buy', { item: 'rope', quantity: 1 });
    const { events } = here.world.step();
    expect(here.publisher.seenBy(null, events, 'ada')).toMatchObject([{ event: 'bought', data: { item: 'rope' } }]);
    const nowhere = watched(villageRules);
    expect(nowhere.publisher.seenBy(null, events, 'ada')).toEqual([]);
  });

  it('sees only what is shared where the rules say no place', () => {
    const here = watched(villageRules);
    here.world.enter('ada');
    here.watch('ada');
    here.tick();
    expect(here.spectators.get('ada')!.view).toMatchObject({
      players: {},
      entities: { coin: {} },
      shared: { hour: 6 },
    });
  });
});
