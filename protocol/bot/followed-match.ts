/** A seat of a match as one session follows it, its game unknown to the compiler: takes it, applies changes, asks again after a gap. */
import type { AnyRules } from '../game/game.ts';
import type { Resumed } from '../game/resumed.ts';
import type { MatchUris } from '../game/uris.ts';
import type { AnyView } from '../game/view.ts';
import { Follower, type Change } from '../sync/change.ts';
import type { Session } from '../wamp/session.ts';
import type { Subscription } from '../wamp/subscriptions.ts';

export interface Following {
  readonly session: Session;
  readonly rules: AnyRules;
  readonly match: string;
  /** Without it the one that is held already or kept for the player, else any free one. */
  readonly seat?: number | undefined;
  /** The view is another one. */
  onView(): void;
  /** It cannot be followed any more. */
  onLost(cause: unknown): void;
}

export class FollowedMatch {
  readonly uris: MatchUris;
  readonly #with: Following;
  #subscription: Subscription | null = null;
  #follower: Follower<AnyView> | null = null;
  #seat = 0;
  /** Changes that came before the view. */
  readonly #early: Message[] = [];
  #isResyncing = false;

  constructor(following: Following) {
    this.#with = following;
    this.uris = following.rules.game.uris.match(following.match);
  }

  get view(): AnyView {
    if (!this.#follower) throw new Error('the match is not joined yet');
    return this.#follower.view;
  }
  get seat(): number {
    return this.#seat;
  }
  /** Whether the view is known to be behind. */
  get isBehind(): boolean {
    return this.#isResyncing;
  }

  /** Subscribes before it joins, so that no change falls between the two. @throws CallError when it does not get the seat. */
  async join(): Promise<void> {
    const { session, rules, seat } = this.#with;
    this.#subscription = await session.subscribe(this.uris.state.json, ({ args: [change] }) =>
      this.#hear(fromAuthority<Message>(change)),
    );
    const wanted = { form: 'json', fingerprint: rules.game.fingerprint, ...(seat === undefined ? {} : { seat }) };
    try {
      const { args } = await session.call(this.uris.join, [], wanted);
      const joined = fromAuthority<{ seat: number; view: AnyView }>(args[0]);
      this.#seat = joined.seat;
      this.#follower = new Follower(joined.view);
    } catch (error) {
      this.stop();
      throw error;
    }
    for (const change of this.#early.splice(0)) this.#hear(change);
  }

  /** Asks for the whole view. */
  async resync(): Promise<void> {
    if (this.#isResyncing) return;
    this.#isResyncing = true;
    try {
      const { args } = await this.#with.session.call(this.uris.sync, [], { form: 'json' });
      this.#follower!.reset(fromAuthority<{ view: AnyView }>(args[0]).view);
    } finally {
      this.#isResyncing = false;
    }
    this.#with.onView();
  }

  stop(): void {
    this.#subscription?.unsubscribe().catch(() => {}); // it fails only with its session, and is gone then
    this.#subscription = null;
  }

  #hear(message: Message): void {
    if (!this.#follower) this.#early.push(message);
    else if (message.type === 'resumed' ? message.epoch > this.view.epoch : this.#follower.accept(message) === 'lost')
      this.resync().catch((cause: unknown) => this.#with.onLost(cause));
    else this.#with.onView();
  }
}

type Message = Change | Resumed;

/** The one cast: only authorities can answer these calls and publish on these topics. */
export const fromAuthority = <T>(value: unknown): T => value as T;
