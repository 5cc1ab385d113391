/** A world as one session of a player follows it, its game unknown to the compiler: enters, and takes in every message until one is missing. */
import type { Resumed } from '../game/resumed.ts';
import type { MatchUris } from '../game/uris.ts';
import type { Happening } from '../sync/change.ts';
import type { Session } from '../wamp/session.ts';
import type { Subscription } from '../wamp/subscriptions.ts';
import { WorldFollower } from '../world/world-follower.ts';
import type { AnyWorldView } from '../world/world-view.ts';
import type { AnyWorld } from '../world/world.ts';
import { fromAuthority } from './followed-match.ts';

export interface WorldFollowing {
  readonly session: Session;
  readonly game: AnyWorld;
  readonly match: string;
  /** There is a view: the whole one at first, with inputs numbered from 1, then one with each tick. */
  onView(events: readonly Happening[]): void;
  /** A message is missing: it must be entered again. */
  onLost(): void;
  /** Another session steers the player, or has taken it out. */
  onPassed(): void;
}

export class FollowedWorld {
  readonly uris: MatchUris;
  readonly session: Session;
  readonly #with: WorldFollowing;
  readonly #follower: WorldFollower;
  #subscription: Subscription | null = null;
  #options: unknown = {};
  /** Messages that come before the view; null: it is there. */
  #early: Uint8Array[] | null = [];

  constructor(following: WorldFollowing) {
    this.#with = following;
    this.session = following.session;
    this.uris = following.game.uris.match(following.match);
    this.#follower = new WorldFollower(following.game);
  }

  get view(): AnyWorldView {
    return this.#follower.view;
  }
  get options(): unknown {
    return this.#options;
  }
  /** Number of the last input that the authority has taken. */
  get taken(): number {
    return this.#follower.taken(this.session.authid).input;
  }

  /** Subscribes before it enters, so that no message falls between the two. @throws CallError when it is not let in. */
  async enter(): Promise<void> {
    const { session, game } = this.#with;
    this.#subscription = await session.subscribe(this.uris.state.packed, ({ args }) => {
      for (const message of args) this.#hear(fromAuthority<Told>(message));
    });
    try {
      const { args } = await session.call(this.uris.join, [], { form: 'packed', fingerprint: game.fingerprint });
      const { player, options, view } = fromAuthority<{ player: string; options: unknown; view: Uint8Array }>(args[0]);
      this.#options = options;
      this.#follower.reset(view, player);
    } catch (error) {
      this.stop();
      throw error;
    }
    const early = this.#early ?? [];
    this.#early = null;
    this.#with.onView([]);
    for (const message of early) this.#follow(message);
  }

  stop(): void {
    this.#subscription?.unsubscribe().catch(() => {}); // it fails only with its session, and is gone then
    this.#subscription = null;
  }

  /** Who has passed the steering on before it entered takes it back by entering. */
  #hear(message: Told): void {
    if (message instanceof Uint8Array) this.#follow(message);
    else if (message.type === 'resumed') this.#resumed(message);
    else if (!('steers' in message && message.steers) && !this.#early && this.#subscription) this.#with.onPassed();
  }

  #resumed({ epoch }: Resumed): void {
    if (this.#early || !this.#subscription || epoch <= this.view.epoch) return;
    this.stop();
    this.#with.onLost();
  }

  #follow(message: Uint8Array): void {
    if (this.#early) return void this.#early.push(message);
    if (!this.#subscription) return;
    const followed = this.#follower.accept(message);
    if (followed === 'nothing yet') return;
    if (typeof followed === 'object') return this.#with.onView(followed.events);
    this.stop();
    this.#with.onLost();
  }
}

/**
 * A message of the world; that this session begins or ceases to steer; that its player has left by another one; or that the
 * world was taken up again.
 */
type Told = Uint8Array | { readonly type: 'steering'; readonly steers: boolean } | { readonly type: 'left' } | Resumed;
