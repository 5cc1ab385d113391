/** What a world says to those who follow it: in the packed form to all at once, in the json form to each for itself. */
import {
  WorldPublisher,
  type AnyWorldView,
  type MatchUris,
  type PublishOptions,
  type RunningWorld,
  type Session,
  type Stepped,
  type Uri,
} from '../../../protocol/index.ts';
import type { Log } from '../log.ts';
import { JsonViewers } from './json-viewers.ts';
import type { Visitor, Visitors } from './visitors.ts';

export interface PublishedWorldSetup {
  readonly id: string;
  readonly uris: MatchUris;
  readonly world: RunningWorld;
  readonly epoch: number;
  /** Higher than any that was published before. */
  readonly version: number;
  readonly visitors: Visitors;
  readonly session: Session;
  readonly log: Log;
}

export class PublishedWorld {
  readonly #with: PublishedWorldSetup;
  readonly #publisher: WorldPublisher;
  readonly #json = new JsonViewers();

  constructor(setup: PublishedWorldSetup) {
    this.#with = setup;
    this.#publisher = new WorldPublisher(setup.world, setup.epoch, setup.version);
  }

  /** Number of what was published last. */
  get version(): number {
    return this.#publisher.version;
  }

  /** A session follows from now on, or starts anew. @returns all that it needs for it, in the form that it wants. */
  start({ session, player, form, follow }: Visitor): Uint8Array | AnyWorldView {
    this.stop(session);
    if (form === 'packed') return this.#publisher.snapshot(player, follow);
    const view = this.#publisher.view(player, follow);
    this.#json.start(session, view);
    return view;
  }

  stop(session: number): void {
    this.#json.stop(session);
  }

  /** What a tick has come to. @throws whatever the rules' `at` throws, say: who follows finds a gap then, and asks. */
  tick(stepped: Stepped): void {
    const { visitors, uris } = this.#with;
    for (const { to, watching, messages } of this.#publisher.publish(stepped, visitors.followed)) {
      const eligible = to && visitors.readers(to, watching);
      if (eligible?.length !== 0) this.#publish(uris.state.packed, messages, eligible ? { eligible } : {});
    }
    for (const session of this.#json.sessions) this.#tellJson(session, stepped);
  }

  /** Whether a session steers has changed. */
  steering({ session, form }: Visitor, steers: boolean): void {
    this.#send(this.#with.uris.state[form], [{ type: 'steering', steers }], { eligible: [session] });
  }

  /** The player of a session has left, by another one. */
  left({ session, form }: Visitor): void {
    this.#send(this.#with.uris.state[form], [{ type: 'left' }], { eligible: [session] });
  }

  #tellJson(session: number, { events }: Stepped): void {
    const { player = null, follow = null } = this.#with.visitors.get(session) ?? {};
    const happened = this.#publisher.seenBy(player, events, follow);
    const commit = this.#json.commit(session, this.#publisher.view(player, follow), happened);
    this.#publish(this.#with.uris.state.json, [commit], { eligible: [session] });
  }

  /** Who reads too slowly misses some, and catches up. */
  #publish(topic: Uri, args: readonly unknown[], to: PublishOptions): void {
    this.#send(topic, args, { ...to, x_droppable: true });
  }

  #send(topic: Uri, args: readonly unknown[], to: PublishOptions): void {
    const { session, log, id } = this.#with;
    session
      .publish(topic, args, undefined, to)
      .catch((cause: unknown) => log(`world ${id}: a message could not be published`, cause));
  }
}
