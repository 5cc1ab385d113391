/** What a player does in the meadow: goes somewhere, tosses a cone at whom it points, or at the nearest. */
import { distance, reach, side } from '../../../protocol/games/meadow.ts';
import type { Off } from '../../listeners.ts';
import { MatchGoneError } from '../../match/status.ts';
import type { Direction } from '../../ui/direction.ts';
import type { Ground, Score, Spot, WorldControl } from '../../ui/world-screen.ts';
import { broughtWords, eveningWords, refusals, statusWords, surroundingsWords, type Meadow } from './words.ts';
import type { Window } from './window.ts';

/** By player: the colour of its scarf. They differ in brightness, too. */
const scarves = ['#d8432f', '#f2b632', '#2f6fd0', '#8e4bb5', '#1f9d8a', '#e87fa8', '#f4f0e2', '#394a52'] as const;

export function scarfOf(player: string): (typeof scarves)[number] {
  let sum = 0;
  for (const letter of player) sum = (sum * 31 + letter.charCodeAt(0)) % 65_521;
  return scarves[sum % scarves.length]!;
}

export class MeadowControl implements WorldControl {
  readonly #ground: Ground<Meadow>;
  readonly #offs: readonly Off[];
  /** What the canvas shows; by the scene. */
  window: Window = { left: 0, top: 0, width: side, height: side, zoom: 1 };

  constructor(ground: Ground<Meadow>) {
    const { match } = ground;
    this.#ground = ground;
    this.#offs = [
      match.on('hit', (hit) => this.#hit(hit)),
      match.on('brought', ({ who, count }) => {
        if (who === match.player) ground.say(broughtWords(count), { read: true });
      }),
      match.on('evening', (end) => ground.say(eveningWords(end, match.player, ground.nameOf))),
    ];
  }

  get canAct(): boolean {
    const { me } = this.#ground.match.frame();
    return me !== null && me.rest === 0 && me.dizzy === 0;
  }
  get basket(): number {
    return this.#ground.match.view.me?.basket ?? 0;
  }
  get scores(): readonly Score[] {
    const { scores } = this.#ground.match.view.shared;
    return Object.entries(scores)
      .toSorted(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
      .map(([player, score]) => ({ player, score, color: scarfOf(player) }));
  }
  get status(): string {
    const { shared, tick } = this.#ground.match.view;
    return statusWords(this.basket, shared, tick);
  }
  get surroundings(): string {
    const { match, nameOf } = this.#ground;
    return `${this.status} ${surroundingsWords(match.frame(), match.player, nameOf)}`;
  }

  steer({ x, y }: Direction): void {
    this.#ground.match.input({ dx: x, dy: y });
  }

  act(at: Spot | null): void {
    const aim = at ? this.#pointed(at) : this.#nearest();
    if (aim) void this.#toss(aim);
    else this.#ground.say('Nobody is near enough for a cone.', { read: true });
  }

  dispose(): void {
    for (const off of this.#offs) off();
  }

  #pointed({ x, y }: Spot): Aim {
    const { left, top, width, height } = this.window;
    return { x: within(left + x * width), y: within(top + y * height) };
  }

  /** Where the nearest other hedgehog is drawn. */
  #nearest(): Aim | null {
    const { match } = this.#ground;
    const { players, me } = match.frame();
    if (!me) return null;
    const [nearest] = Object.entries(players)
      .flatMap(([id, at]) => (id !== match.player && distance(me, at) <= reach.toss ? [at] : []))
      .toSorted((a, b) => distance(me, a) - distance(me, b));
    return nearest ? { x: nearest.x, y: nearest.y } : null;
  }

  async #toss(aim: Aim): Promise<void> {
    const { match, say } = this.#ground;
    try {
      const outcome = await match.moves.toss(aim);
      if (outcome.ok) return;
      const { code, message } = outcome.error;
      say(code === 'not_ready' || code === 'too_far' ? refusals[code] : message);
    } catch (error) {
      if (!(error instanceof MatchGoneError)) throw error;
    }
  }

  #hit({ who, by }: { readonly who: string; readonly by: string }): void {
    const { match, say, nameOf } = this.#ground;
    if (who === match.player) say(`${nameOf(by)} has hit you, and you have dropped what you carried.`);
    else if (by === match.player) say(`You have hit ${nameOf(who)}.`);
  }
}

interface Aim {
  readonly x: number;
  readonly y: number;
}

const within = (at: number) => Math.min(Math.max(at, 0), side);
