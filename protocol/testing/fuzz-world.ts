/**
 * `fuzzWorld(rules)` lets players by chance come, go, steer and move in a world, over a network that is late by chance, and
 * holds everything that must be true of any world against each tick.
 */
import { SeededRandom, seeded, type Random } from '../game/random.ts';
import type { AnyType } from '../schema/type.ts';
import { diff, patch } from '../sync/delta.ts';
import { Foresight, seenBy, type Foreseen } from '../world/foresight.ts';
import { Prediction } from '../world/prediction.ts';
import { RunningWorld, type Stepped, type WorldPlayed } from '../world/running-world.ts';
import { fieldsOf, playersKind } from '../world/world-codecs.ts';
import { WorldFollower } from '../world/world-follower.ts';
import { WorldPublisher } from '../world/world-publisher.ts';
import { WorldSight, type AnyWorldView } from '../world/world-view.ts';
import type { AnyWorldRules } from '../world/world.ts';
import { Interference } from './interference.ts';
import { sampleOf } from './sample.ts';

export interface FuzzWorldOptions {
  /** How many; 20 if not said. */
  readonly worlds?: number;
  /** Of each; 200 if not said. */
  readonly ticks?: number;
  /** Of the first world, the others follow; by the clock, if not said. */
  readonly seed?: number;
  /** Of each world; by chance, if not said. */
  readonly options?: object;
  /** Most players at a time; 4 if not said. */
  readonly players?: number;
  /**
   * Secrets on which what others see depends by intention, as `players.basket`: who gathers no more has a full one. Of all
   * others it is a leak.
   */
  readonly reveals?: readonly string[];
}

export interface FuzzWorldReport {
  readonly worlds: number;
  readonly ticks: number;
  readonly moves: number;
  readonly seed: number;
  /** Times that a client was shown otherwise than it had predicted: others and chance may do so, one's own input may not. */
  readonly corrections: number;
  /** Pairs of worlds that were compared, which differed in what somebody may not know. */
  readonly compared: number;
}

/** Something that must not be. The message says what, in which tick, and how to see it again: with the same options. */
export class FuzzWorldFailure extends Error {
  override readonly name = 'FuzzWorldFailure';
  readonly seed: number;
  readonly tick: number;

  constructor(what: string, seed: number, tick: number, cause?: unknown) {
    super(`${what} (in tick ${tick}; again with { seed: ${seed}, worlds: 1 })`, { cause });
    this.seed = seed;
    this.tick = tick;
  }
}

/** @throws FuzzWorldFailure for the first thing that is wrong. */
export function fuzzWorld(rules: AnyWorldRules, options: FuzzWorldOptions = {}): FuzzWorldReport {
  const { worlds = 20, ticks = 200, seed = Date.now() % 2 ** 31 } = options;
  let moves = 0;
  let corrections = 0;
  let compared = 0;
  for (let i = 0; i < worlds; i++) {
    const world = new FuzzedWorld(rules, seed + i, options);
    for (let tick = 0; tick < ticks; tick++) world.tick();
    world.replay();
    world.calm();
    moves += world.moves;
    corrections += world.corrections;
    compared += world.compared;
  }
  return { worlds, ticks: worlds * ticks, moves, seed, corrections, compared };
}

interface Client {
  readonly follower: WorldFollower;
  readonly prediction: Prediction;
  input: object;
  /** As a client in the json form has it. */
  json: AnyWorldView;
}

/**
 * How often, in ticks: somebody comes or goes, changes what is held, makes a move; everything is kept and begun again; a
 * client's step is compared with the authority's, and the world with what could be in its place.
 */
const every = { change: 15, hold: 6, move: 8, keep: 40, predict: 5, compare: 20 };
/** In how many ticks once all look on as if they had come back. */
const joinEvery = 10;
/** How often a thing may have to be told until readers have it, and expect that it stays there. */
const tellings = 4;
/** How far a world that was kept goes on, in ticks. */
const ahead = 5;

class FuzzedWorld {
  moves = 0;
  corrections = 0;
  readonly #rules: AnyWorldRules;
  readonly #seed: number;
  readonly #options: FuzzWorldOptions;
  readonly #random: Random;
  readonly #setup: { readonly options: object; readonly seed: number };
  readonly #world: RunningWorld;
  readonly #publisher: WorldPublisher;
  readonly #clients = new Map<string, Client>();
  readonly #foresight: Foresight;
  readonly #interference: Interference;
  /** All that was done. */
  readonly #log: ((world: RunningWorld) => unknown)[] = [];

  constructor(rules: AnyWorldRules, seed: number, options: FuzzWorldOptions) {
    this.#rules = rules;
    this.#seed = seed;
    this.#options = options;
    this.#random = new SeededRandom(seeded(seed ^ 0x5eed));
    this.#setup = { options: options.options ?? this.#chosenOptions(), seed };
    try {
      this.#world = new RunningWorld(rules, this.#setup);
    } catch (cause) {
      throw new FuzzWorldFailure('setup threw', seed, 0, cause);
    }
    this.#publisher = new WorldPublisher(this.#world);
    this.#foresight = new Foresight(rules, this.#world.options);
    this.#interference = new Interference({
      rules,
      setup: this.#setup,
      reveals: options.reveals ?? [],
      random: this.#random,
      anyMove: () => this.#anyMove(),
      fail: (what) => this.#fail(what),
    });
  }

  get compared(): number {
    return this.#interference.pairs;
  }

  /** @throws FuzzWorldFailure for the first thing that is wrong. */
  tick(): void {
    this.#whole(() => this.#tick());
  }

  /** All that was done gives the same world again. @throws FuzzWorldFailure where it does not. */
  replay(): void {
    this.#whole(() => {
      const again = new RunningWorld(this.#rules, this.#setup);
      for (const done of this.#log) done(again);
      this.#same(this.#world.keep(), again.keep(), 'a replay of all that was done gives another world');
    });
  }

  #whole(work: () => void): void {
    try {
      work();
    } catch (cause) {
      if (cause instanceof FuzzWorldFailure) throw cause;
      this.#fail('the rules threw', cause);
    }
  }

  #do<T>(what: (world: RunningWorld) => T): T {
    this.#log.push(what);
    return what(this.#world);
  }

  #tick(): void {
    for (const [id, client] of this.#clients) this.#steer(id, client);
    if (this.#clients.size > 0 && this.#chance(every.move)) this.#move(this.#random.pick([...this.#clients.keys()]));
    if (this.#world.players.size === 0 || this.#chance(every.change)) this.#changePlayers();
    const stepped = this.#do((world) => world.step());
    const [failure] = stepped.failures;
    if (failure !== undefined) this.#fail('the rules threw, or wrote what does not fit', failure);
    this.#publish(stepped);
    for (const [id, client] of this.#clients) this.#look(id, client);
    if (this.#chance(every.keep)) this.#keep();
    if (this.#clients.size > 0 && this.#chance(every.predict))
      this.#predict(this.#random.pick([...this.#clients.keys()]));
    if (this.#chance(every.compare)) this.#interference.look(this.#world.keep());
  }

  /** Nothing moves any more. @throws FuzzWorldFailure where views do not become what they should be, whatever has waited. */
  calm(): void {
    if (this.#rules.game.budget === null) return;
    const things = Object.keys(this.#rules.game.schemas.entities).map((kind) => this.#world.entities(kind).size);
    const updates = tellings * things.reduce((sum, size) => sum + size, this.#world.players.size + 1);
    for (let i = 0; i < updates; i++) this.#publish({ tick: this.#world.tick, events: [], failures: [] });
    for (const [id, { follower }] of this.#clients)
      this.#same(this.#publisher.view(id), follower.view, `${id} is never told what waits for the budget`);
  }

  #publish(stepped: Stepped): void {
    for (const { to, messages } of this.#publisher.publish(stepped)) {
      for (const [id, { follower }] of this.#clients) {
        if (to && !to.includes(id)) continue;
        for (const message of messages) {
          const followed = follower.accept(message);
          if (followed === 'lost' || followed === 'diverged') this.#fail(`the stream of ${id} was ${followed}`);
        }
      }
    }
  }

  #chosenOptions(): object {
    return this.#chance(2) ? (sampleOf(this.#rules.game.schemas.options, this.#random) as object) : {};
  }

  #changePlayers(): void {
    const gone = [...this.#clients.keys()];
    const isFull = gone.length >= Math.min(this.#options.players ?? 4, this.#rules.game.seats[1]);
    if (isFull || (gone.length > 0 && this.#chance(3))) {
      const id = this.#random.pick(gone);
      this.#do((world) => world.leave(id));
      this.#clients.delete(id);
      return;
    }
    const id = `player_${this.#random.int(0, 99)}`;
    if (this.#clients.has(id)) return;
    try {
      this.#do((world) => world.enter(id));
    } catch (cause) {
      this.#fail('spawn threw', cause);
    }
    const { game } = this.#rules;
    const follower = new WorldFollower(game);
    follower.reset(this.#publisher.snapshot(id), id);
    const prediction = new Prediction(game, this.#rules, this.#world.options);
    this.#clients.set(id, { follower, prediction, input: game.idle, json: this.#publisher.view(id) });
  }

  /** Holds something, and sometimes sends it late: with all that waits. */
  #steer(id: string, client: Client): void {
    if (this.#chance(every.hold)) client.input = sampleOf(this.#rules.game.schemas.input, this.#random) as object;
    client.prediction.input(client.input);
    if (this.#chance(3)) return;
    const { last, pending } = client.prediction;
    this.#do((world) => world.input(id, last, pending));
  }

  #move(id: string): void {
    const call = this.#anyMove();
    if (!call) return;
    const { move, args } = call;
    const before = this.#world.keep();
    const seen = seenBy(id, this.#clients.get(id)!.follower.view);
    const foreseen: Foreseen = seen ? this.#foresight.move(seen, call) : { ok: 'unknown' };
    const played = this.#do((world) => world.move(id, move, args));
    if (!played.ok && played.error.code === 'rule_failed')
      this.#fail(`move ${move} ${JSON.stringify(args)} threw`, played.cause);
    if (!played.ok) this.#same(before, this.#world.keep(), `move ${move} was refused, and has changed something`);
    else this.moves += 1;
    this.#comesTrue(id, move, foreseen, played);
  }

  /** What a client could know is what has become of it. */
  #comesTrue(id: string, move: string, foreseen: Foreseen, played: WorldPlayed): void {
    const what = `move ${move} of ${id} was predicted otherwise than it came`;
    if (foreseen.ok === 'unknown' || this.#rules.game.budget !== null) return; // or it was seen late
    if (!played.ok || !foreseen.ok)
      return this.#same(played.ok || played.error.code, foreseen.ok || foreseen.error.code, what);
    const sight = new WorldSight(this.#world, id);
    this.#same(sight.player(id, this.#world.players.get(id)!), foreseen.seen.me, what);
    this.#same(sight.shared, foreseen.seen.shared, what);
    for (const { kind, key, before, after } of foreseen.changes) {
      if (!before) continue; // it has a key of its own
      const thing = kind === playersKind ? this.#world.players.get(key) : this.#world.entities(kind).get(key);
      const is = thing && (kind === playersKind ? sight.player(key, thing) : sight.entity(kind, thing));
      this.#same(is, after, `${what}: ${kind} ${key}`);
    }
  }

  #anyMove(): { readonly move: string; readonly args: object } | null {
    const { schemas } = this.#rules.game;
    const names = Object.keys(schemas.moves);
    if (names.length === 0) return null;
    const move = this.#random.pick(names);
    const schema = schemas.moves[move]!;
    return { move, args: 'structure' in schema ? (sampleOf(schema as AnyType, this.#random) as object) : {} };
  }

  #look(id: string, client: Client): void {
    const { follower, prediction } = client;
    const { view } = follower;
    const wanted = this.#publisher.view(id);
    const waits = this.#rules.game.budget !== null;
    this.#same(waits ? wanted.me : wanted, waits ? view.me : view, `${id} sees something else than it should`);
    if (this.#world.tick % joinEvery === 0) this.#sameForWhoJoins(id, view);
    const delta = diff(client.json, wanted);
    if (delta) client.json = patch(client.json, roundTripped(delta)) as AnyWorldView;
    this.#same(wanted, client.json, `${id} sees something else in the json form than it should`);
    const seen = seenBy(id, view) ?? this.#fail(`${id} does not see itself`);
    if (prediction.confirm(seen, follower.taken(id))) this.corrections += 1;
    const { schemas } = this.#rules.game;
    this.#hides('shared', schemas.shared, view.shared);
    for (const [other, player] of Object.entries(view.players)) this.#hides(other, schemas.player, player);
    for (const [name, type] of Object.entries(schemas.entities))
      for (const [key, entity] of Object.entries(view.entities[name] ?? {}))
        this.#hides(`${name} ${key}`, type, entity);
  }

  #sameForWhoJoins(id: string, view: AnyWorldView): void {
    const late = new WorldFollower(this.#rules.game);
    late.reset(this.#publisher.snapshot(id), id);
    this.#same(view, late.view, `${id} would see something else after coming back`);
  }

  /** What is hidden is in nobody's view. */
  #hides(what: string, type: AnyType, seen: unknown): void {
    for (const [name, { who }] of Object.entries(fieldsOf(type)))
      if (who === 'hidden' && name in (seen as object)) this.#fail(`${name} of ${what} is hidden, and is seen`);
  }

  /** By one input, and while nobody else does anything, a client that predicts is led where the authority is. */
  #predict(id: string): void {
    const { game, world: behaviour } = this.#rules;
    const alone = { game, world: { ...behaviour, onTick() {}, timers: {} } };
    const world = new RunningWorld(alone, this.#setup, roundTripped(this.#world.keep()));
    const seen = () => seenBy(id, new WorldPublisher(world).view(id));
    const before = seen();
    if (!before) return;
    const prediction = new Prediction(game, this.#rules, world.options);
    prediction.confirm(before, { input: 0, move: 0 });
    const input = sampleOf(game.schemas.input, this.#random) as object;
    const predicted = prediction.ahead(input);
    this.#same(predicted, prediction.ahead(input), secondTime);
    world.input(id, 1, [input]);
    if (predicted === null || world.step().failures.length > 0) return; // it needs what a client cannot know
    this.#same(seen()?.me, predicted, `by ${JSON.stringify(input)} a client that predicts ${id} shows something else`);
  }

  /** What is kept, as JSON, is the world itself; and goes on twice in the same way. */
  #keep(): void {
    const kept = this.#world.keep();
    const again = () => new RunningWorld(this.#rules, this.#setup, roundTripped(kept));
    const [one, other] = [again(), again()];
    this.#same(kept, one.keep(), 'a world that is kept and begun again is another one');
    for (let tick = 1; tick <= ahead; tick++) {
      for (const id of this.#clients.keys()) {
        const input = sampleOf(this.#rules.game.schemas.input, this.#random);
        const call = this.#anyMove();
        for (const world of [one, other]) {
          world.input(id, tick, [input]);
          if (call) world.move(id, call.move, call.args);
        }
      }
      one.step();
      other.step();
    }
    this.#same(one.keep(), other.keep(), secondTime);
  }

  #chance(oneOf: number): boolean {
    return this.#random.int(1, oneOf) === 1;
  }

  #same(wanted: unknown, found: unknown, what: string): void {
    const difference = diff(wanted, found);
    if (difference !== undefined) this.#fail(`${what}: ${JSON.stringify(difference).slice(0, 300)}`);
  }

  #fail(what: string, cause?: unknown): never {
    throw new FuzzWorldFailure(what, this.#seed, this.#world.tick, cause);
  }
}

const secondTime = 'the same ticks give something else the second time';
const roundTripped = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
