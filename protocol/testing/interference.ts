/**
 * Whether a viewer of a world is told anything that depends on what it must not know. A world is run twice, from states
 * that differ only in that: every byte that the viewer receives must be the same.
 */
import type { Random } from '../game/random.ts';
import { copyOf } from '../schema/copy.ts';
import { firstDifference } from '../sync/first-difference.ts';
import { RunningWorld, type KeptWorld, type WorldSetup } from '../world/running-world.ts';
import { WorldSight } from '../world/world-view.ts';
import type { AnyWorldRules } from '../world/world.ts';
import { Audience, toldApart, type Told } from './audience.ts';
import { Secret, Unseen, type TickContext } from './other-worlds.ts';
import { sampleOf } from './sample.ts';
import { changeSecrets } from './secrets.ts';

export interface InterferenceSetup {
  readonly rules: AnyWorldRules;
  readonly setup: WorldSetup;
  /** Names of secrets on which what others see depends by intention. */
  readonly reveals: readonly string[];
  readonly random: Random;
  /** A move by chance; null: there are none. */
  anyMove(): { readonly move: string; readonly args: object } | null;
  fail(what: string): never;
}

/** How long two worlds are compared, ticks. */
const length = 4;

/** What a viewer is told, first at once and then of each tick, and what becomes of its move. */
interface Heard {
  readonly told: Told;
  readonly answer: unknown;
}
/** Runs a world as far as it goes: a state that could not have been may be too much for its rules. */
type Run = () => readonly Heard[];

export class Interference {
  /** Pairs of worlds that were compared. */
  pairs = 0;
  readonly #with: InterferenceSetup;
  readonly #secrets: readonly Secret[];

  /** @throws Error naming what is no secret. */
  constructor(setup: InterferenceSetup) {
    const { reveals, rules } = setup;
    const secrets = Secret.of(rules.game);
    const known = secrets.map(({ name }) => name);
    const strange = reveals.find((name) => !known.includes(name));
    if (strange !== undefined)
      throw new Error(`reveals: ${rules.game.name} has no secret ${strange}; it has ${known.join(', ') || 'none'}`);
    this.#with = setup;
    this.#secrets = secrets.filter(({ name }) => !reveals.includes(name));
  }

  /** One viewer, one secret, and what is out of sight, by chance: in time all come up. */
  look(kept: KeptWorld): void {
    const { random, rules } = this.#with;
    const viewer = random.pick([null, ...Object.keys(kept.players.things)]);
    if (this.#secrets.length > 0) {
      const secret = random.pick(this.#secrets);
      this.#conceals(kept, viewer, secret);
      this.#keeps(kept, viewer, secret);
    }
    const { interest } = rules.game;
    if (viewer !== null && interest) this.#leavesOut(kept, viewer, new Unseen(rules, interest, kept, viewer));
  }

  /** What is published does not show a secret, nor that it changes, nor what is secret of an event. */
  #conceals(kept: KeptWorld, viewer: string | null, secret: Secret): void {
    const world = this.#world(this.#with.rules, kept);
    const others = times(length + 1, () => secret.changed(kept, world, [viewer], this.#with.random));
    const events = times(length, () => this.#eventFor(viewer, world));
    const run = (isOther: boolean) =>
      this.#still(isOther ? others[0]! : kept, viewer, (context, tick) => {
        if (isOther) secret.write(context, others[tick]!);
        const event = events[tick - 1];
        if (event) context.emit(event.name, isOther ? event.other : event.data);
      });
    this.#compare(
      () => run(false),
      () => run(true),
      `what ${nameOf(viewer)} is told depends on ${secret.name}`,
    );
  }

  /** Rules do not show a secret either; but who moves may use what it knows itself. */
  #keeps(kept: KeptWorld, viewer: string | null, secret: Secret): void {
    const { random, rules, anyMove } = this.#with;
    const players = Object.keys(kept.players.things);
    const mover = players.length > 0 && random.int(0, 1) === 1 ? random.pick(players) : null;
    const call = mover === null ? null : anyMove();
    const viewers = mover === null ? [viewer] : [viewer, mover];
    const other = secret.changed(kept, this.#world(rules, kept), viewers, random);
    const inputs = times(length, () =>
      players.map((id) => ({ id, input: sampleOf(rules.game.schemas.input, random) })),
    );
    const run = (state: KeptWorld) =>
      this.#run(rules, state, viewer, (world, tick) => {
        for (const { id, input } of inputs[tick - 1]!) world.input(id, tick, [input]);
        if (tick > 1 || mover === null || !call) return null;
        const played = world.move(mover, call.move, call.args);
        if (!played.ok && played.cause !== undefined) throw played.cause;
        return mover === viewer ? played : null;
      });
    const when = call ? `, after ${call.move} of ${mover}` : '';
    this.#compare(
      () => run(kept),
      () => run(other),
      `what ${nameOf(viewer)} is told depends on ${secret.name}${when}`,
    );
  }

  /** What is, and stays, out of a player's sight. */
  #leavesOut(kept: KeptWorld, viewer: string, unseen: Unseen): void {
    const { random } = this.#with;
    const others = times(length + 1, () => unseen.changed(kept, random));
    const events = times(length, () => ({
      far: this.#anyEvent(),
      near: this.#anyEvent(),
      common: this.#anyEvent(),
    }));
    const run = (isOther: boolean) =>
      this.#still(isOther ? others[0]! : kept, viewer, (context, tick) => {
        const { far, near, common } = events[tick - 1]!;
        const place = isOther ? unseen.placeIn(others[tick]!, random) : null;
        if (isOther) unseen.write(context, others[tick]!);
        if (far && place) context.emitAt(place, far.name, far.data);
        if (near) context.emitAt(unseen.place, near.name, near.data);
        if (common) context.emit(common.name, common.data);
      });
    this.#compare(
      () => run(false),
      () => run(true),
      `what ${viewer} is told depends on what is out of its sight`,
    );
  }

  #compare(one: Run, other: Run, what: string): void {
    this.pairs += 1;
    const found = difference(one(), other());
    if (found === null) return;
    const again = difference(one(), one());
    this.#with.fail(
      again === null ? `${what}: ${found}` : `the same ticks give something else the second time: ${again}`,
    );
  }

  /** A world in which nothing happens by its rules. */
  #still(state: KeptWorld, viewer: string | null, happens: (context: TickContext, tick: number) => void) {
    const { game, world } = this.#with.rules;
    const onTick = (context: object) => {
      const given = context as TickContext; // what every world gives
      happens(given, given.tick - state.tick);
    };
    const rules: AnyWorldRules = { game, world: { ...world, step() {}, onTick, timers: {} } };
    return this.#run(rules, state, viewer, () => null);
  }

  /** @param act what players do before a tick, counted from 1; answers what the viewer learns by that. */
  #run(
    rules: AnyWorldRules,
    state: KeptWorld,
    viewer: string | null,
    act: (world: RunningWorld, tick: number) => unknown,
  ): readonly Heard[] {
    const heard: Heard[] = [];
    try {
      const world = this.#world(rules, state);
      const audience = new Audience(world, viewer);
      const audiences = audiencesOf(world, viewer);
      heard.push({ told: audience.come(), answer: null });
      for (let tick = 1; tick <= length; tick++) {
        const answer = act(world, tick);
        const stepped = world.step();
        if (stepped.failures.length > 0 || !isSubset(audiencesOf(world, viewer), audiences)) break;
        heard.push({ told: audience.hear(stepped), answer });
      }
    } catch {
      // It goes no further.
    }
    return heard;
  }

  #world(rules: AnyWorldRules, state: KeptWorld): RunningWorld {
    return new RunningWorld(rules, this.#with.setup, copyOf(state));
  }

  #anyEvent(): { readonly name: string; readonly data: object } | null {
    const { random, rules } = this.#with;
    const events = Object.entries(rules.game.schemas.events);
    if (events.length === 0) return null;
    const [name, type] = random.pick(events);
    return { name, data: sampleOf(type, random) as object };
  }

  /** An event, and the same with other secrets. */
  #eventFor(viewer: string | null, world: RunningWorld) {
    const { random, rules } = this.#with;
    const event = this.#anyEvent();
    if (!event) return null;
    const copy = copyOf({ data: event.data });
    const type = rules.game.schemas.events[event.name]!;
    const viewers = [new WorldSight(world, viewer).looking(null)];
    changeSecrets([{ type, parent: copy, key: 'data', owner: null, viewers }], random);
    return { ...event, other: copy.data };
  }
}

/** To which audiences somebody belongs, by whose secrets: who comes to belong to another one is told more, and rightly so. */
function audiencesOf(world: RunningWorld, viewer: string | null): ReadonlySet<string> {
  const names = Object.keys(world.rules.world.seenBy ?? {});
  const sight = new WorldSight(world, viewer);
  return new Set(
    [null, ...world.players.keys()].flatMap((of) => {
      const { seat, belongs } = sight.looking(of);
      return seat === null ? [] : names.filter((name) => belongs(name, seat)).map((name) => `${name} ${of}`);
    }),
  );
}

const isSubset = (some: ReadonlySet<string>, all: ReadonlySet<string>) => [...some].every((one) => all.has(one));

/** Null: there is none, as far as both have come. */
function difference(one: readonly Heard[], other: readonly Heard[]): string | null {
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const [a, b] = [one[i]!, other[i]!];
    const answers = firstDifference(a.answer, b.answer, ['answer']);
    const found = answers ? `${answers.path} is ${answers.one} or ${answers.other}` : toldApart(a.told, b.told);
    if (found !== null) return found;
  }
  return null;
}

const times = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);
const nameOf = (viewer: string | null): string => viewer ?? 'who only watches';
