/** One viewer of a world, and all that it receives. */
import type { Happening } from '../sync/change.ts';
import { firstDifference } from '../sync/first-difference.ts';
import type { RunningWorld, Stepped } from '../world/running-world.ts';
import { WorldFollower } from '../world/world-follower.ts';
import { WorldPublisher } from '../world/world-publisher.ts';
import type { AnyWorldView } from '../world/world-view.ts';

/** What a viewer receives at once: a snapshot, or what is published of a tick. */
export interface Told {
  /** In the packed form, and what that comes to. */
  readonly messages: readonly Uint8Array[];
  readonly view: AnyWorldView;
  /** In the json form. */
  readonly json: { readonly view: AnyWorldView; readonly events: readonly Happening[] };
}

export class Audience {
  readonly #viewer: string | null;
  readonly #publisher: WorldPublisher;
  readonly #follower: WorldFollower;

  /** @param viewer a player; null: who only watches. */
  constructor(world: RunningWorld, viewer: string | null) {
    this.#viewer = viewer;
    this.#publisher = new WorldPublisher(world);
    this.#follower = new WorldFollower(world.rules.game);
  }

  /** What it is told when it comes. */
  come(): Told {
    const snapshot = this.#publisher.snapshot(this.#viewer);
    this.#follower.reset(snapshot, this.#viewer);
    return this.#told([snapshot], []);
  }

  /** What it is told of a tick. */
  hear(stepped: Stepped): Told {
    const pieces = this.#publisher.publish(stepped);
    const mine = pieces.filter(({ to }) => to === null || (this.#viewer !== null && to.includes(this.#viewer)));
    const messages = mine.flatMap((piece) => piece.messages);
    for (const bytes of messages) this.#follower.accept(bytes);
    return this.#told(messages, this.#publisher.seenBy(this.#viewer, stepped.events));
  }

  #told(messages: readonly Uint8Array[], events: readonly Happening[]): Told {
    return { messages, view: this.#follower.view, json: { view: this.#publisher.view(this.#viewer), events } };
  }
}

/** Where two viewers are told different things, and how; null: nowhere, to the byte. */
export function toldApart(one: Told, other: Told): string | null {
  const difference =
    firstDifference(one.json.view, other.json.view) ??
    firstDifference(one.view, other.view) ??
    firstDifference(one.json.events, other.json.events, ['events']) ??
    firstDifference(one.messages, other.messages, ['messages']);
  return difference && `${difference.path} is ${difference.one} or ${difference.other}`;
}
