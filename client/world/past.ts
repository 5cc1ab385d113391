/** What came of a world lately, to be drawn a little behind: between two states that are both known. */
import { betweener, type AnyWorld, type AnyWorldView, type Between } from '../../protocol/index.ts';

/** How long views are kept, and how far motion is carried on where the next one is late, ticks a second times this. */
const keptS = 2;
const carriedS = 0.25;
/** The views by whose lateness the delay goes, and the part of them that are to have come in time. */
const judged = 60;
const inTime = 0.95;
/** Most that the delay changes with a view, ticks: what is drawn becomes slower or quicker, and never goes backwards. */
const change = { up: 0.5, down: 0.05 };
/** Longest delay, seconds: worse networks stutter. */
const longestS = 0.5;

export class Past {
  readonly #tick: number;
  readonly #between: { readonly players: Between; readonly entities: ReadonlyMap<string, Between> };
  /** Oldest first. */
  #views: AnyWorldView[] = [];
  /** In ticks, the latest last. */
  #lates: number[] = [];
  #delay = 2;
  /** The tick that was drawn last. */
  #shown = -Infinity;

  constructor({ tick, schemas }: AnyWorld) {
    this.#tick = tick;
    this.#between = {
      players: betweener(schemas.player),
      entities: new Map(Object.entries(schemas.entities).map(([kind, type]) => [kind, betweener(type)])),
    };
  }

  /** How many ticks behind the world's clock things are drawn: so that mostly the next state has come by then. */
  get delay(): number {
    return this.#delay;
  }

  /** @param late how long after its tick the view came, in ticks; null where no clock is known yet. */
  add(view: AnyWorldView, late: number | null): void {
    this.#views = this.#views.filter(({ tick }) => tick > view.tick - keptS * this.#tick && tick < view.tick);
    this.#views.push(view);
    if (late === null) return;
    this.#lates = [...this.#lates, Math.max(late, 0)].slice(-judged);
    const usual = this.#lates.toSorted((a, b) => a - b)[Math.floor((this.#lates.length - 1) * inTime)]!;
    const wanted = Math.min(usual + 1, longestS * this.#tick);
    this.#delay += Math.min(Math.max(wanted - this.#delay, -change.down), change.up);
  }

  /** The tick to draw while the world is at `tick`: never one before the last, but where the clock was wrong by a second. */
  shownAt(tick: number): number {
    const wanted = tick - this.#delay;
    if (wanted > this.#shown || wanted < this.#shown - this.#tick) this.#shown = wanted;
    return this.#shown;
  }

  clear(): void {
    this.#views = [];
  }

  /** Players and entities as of a tick, perhaps between two. Who is not in the earlier of two states is not there yet. */
  at(tick: number): Pick<AnyWorldView, 'players' | 'entities'> {
    const next = this.#views.findIndex((view) => view.tick > tick);
    const last = this.#views.length - 1;
    const index = next < 0 ? last : Math.min(Math.max(next, 1), last);
    const b = this.#views[index] ?? nothing;
    const a = this.#views[index - 1] ?? b;
    const most = b.tick + carriedS * this.#tick;
    const part = a === b ? 1 : Math.max(0, (Math.min(tick, most) - a.tick) / (b.tick - a.tick));
    const kinds = [...this.#between.entities].map(([kind, between]) => [
      kind,
      mixed(a.entities[kind] ?? {}, b.entities[kind] ?? {}, part, between),
    ]);
    return { players: mixed(a.players, b.players, part, this.#between.players), entities: Object.fromEntries(kinds) };
  }
}

const nothing: AnyWorldView = { version: 0, epoch: 0, tick: 0, shared: {}, players: {}, entities: {}, me: null };

type Things = { readonly [key: string]: unknown };

function mixed(a: Things, b: Things, part: number, between: Between): Things {
  const shown: Record<string, unknown> = {};
  for (const [key, to] of Object.entries(part < 1 ? a : b)) {
    const [from, next] = [a[key], b[key]];
    shown[key] = isThing(from) && isThing(next) && from !== next ? between(from, next, part) : to;
  }
  return shown;
}

const isThing = (value: unknown): value is object => typeof value === 'object' && value !== null;
