/**
 * One match as this client follows it, its game unknown to the compiler: subscribes, joins, applies changes, asks again
 * after a gap, and does all of it anew in every session. design.md §6.
 */
import {
  resumedEpoch,
  type AnyGame,
  type AnyView,
  type Dict,
  type Happening,
  type MatchUris,
  type Session,
} from '../../protocol/index.ts';
import { Listeners } from '../listeners.ts';
import { joinAnswer, syncAnswer } from './answers.ts';
import { Attachment, type AttachmentSurroundings } from './attachment.ts';
import { isUnknownForm, jsonForm, packedForm, type AnyFollower, type Form } from './forms.ts';
import { MatchClock } from './match-clock.ts';
import type { Requests } from './requests.ts';
import type { Gone, MatchStatus } from './status.ts';

export interface FollowingSetup extends AttachmentSurroundings {
  readonly game: AnyGame;
  readonly uris: MatchUris;
  /** The seat to ask for; null to watch; undefined for the one we hold, else any free one. */
  readonly seat: number | null | undefined;
}

export class Following {
  readonly views: Listeners<[view: AnyView, previous: AnyView]>;
  readonly statuses: Listeners<[MatchStatus]>;
  readonly happenings: Listeners<[Happening]>;
  readonly requests: Requests;
  readonly time: MatchClock;
  readonly #setup: FollowingSetup;
  readonly #attachment: Attachment;
  #seat: number | null | undefined;
  /** Packed, until an authority does not know it. */
  #form: Form;
  #follower: AnyFollower | null = null;
  /** The form that the follower is of. */
  #followed: Form | null = null;
  /** Changes that came while a whole view is on its way. */
  #held: unknown[] = [];
  /** Resolves once there is a view. @throws JoinError */
  readonly joined: Promise<void>;

  constructor(setup: FollowingSetup) {
    const { onError } = setup;
    this.#setup = setup;
    this.#seat = setup.seat;
    this.#form = packedForm(setup.game);
    this.time = new MatchClock(setup.clock);
    this.views = new Listeners('a view listener', onError);
    this.happenings = new Listeners('an event listener', onError);
    this.#attachment = new Attachment({
      ...setup,
      doing: 'following a match',
      version: () => this.#follower?.view.version ?? null,
      join: (session) => this.#join(session),
      pause: () => (this.#held = []),
      late: (session) => void this.#resync(session),
    });
    this.statuses = this.#attachment.statuses;
    this.requests = this.#attachment.requests;
    this.joined = this.#attachment.joined;
    this.#attachment.start();
  }

  get view(): AnyView {
    if (!this.#follower) throw new Error('the match is not joined yet');
    return this.#follower.view;
  }
  get seat(): number | null {
    return this.#seat ?? null;
  }
  get status(): MatchStatus {
    return this.#attachment.status;
  }

  /** Stops following; what is still asked gets no answer. */
  end(gone: Gone): void {
    this.#attachment.end(gone);
  }

  /** Subscribes before joining, so that no change falls between the two. */
  async #join(session: Session): Promise<void> {
    const { uris, game } = this.#setup;
    const form = this.#form.name;
    const isFollowed = await this.#attachment.subscribe(session, uris.state[form], ({ args: [change] }) =>
      this.#hear(session, change),
    );
    if (!isFollowed) return;
    const wanted = { ...(this.#seat === undefined ? {} : { seat: this.#seat }), form, fingerprint: game.fingerprint };
    try {
      const { seat, view } = await this.time.readBy(async () => joinAnswer(await session.call(uris.join, [], wanted)));
      if (this.#attachment.isPast(session)) return;
      this.#reset(view);
      this.#seat = seat;
    } catch (error) {
      if (form === 'json' || !isUnknownForm(error)) throw error;
      this.#fallBack();
      return this.#join(session);
    }
  }

  /** The authority knows json alone. */
  #fallBack(): void {
    this.#attachment.unsubscribe();
    this.#held = [];
    this.#form = jsonForm;
  }

  /** @param why what the authority is to know of it. */
  async #resync(session: Session, why: Dict = {}): Promise<void> {
    this.#attachment.catchUp();
    try {
      const form = this.#form.name;
      const { view } = await this.time.readBy(async () =>
        syncAnswer(await session.call(this.#setup.uris.sync, [], { form, ...why })),
      );
      if (!this.#attachment.isPast(session)) this.#reset(view);
    } catch (error) {
      this.#attachment.failed(error, session, () => this.#resync(session, why));
    }
  }

  #hear(session: Session, change: unknown): void {
    if (this.#attachment.isPast(session)) return;
    if (this.status.state === 'catching_up') this.#held.push(change);
    else this.#apply(change);
  }

  #apply(change: unknown): void {
    const follower = this.#follower!;
    const previous = follower.view;
    const epoch = resumedEpoch(change);
    if (epoch !== null) {
      if (epoch > previous.epoch) void this.#resync(this.#attachment.session!);
      return;
    }
    const happened = follower.accept(change);
    if (happened === 'diverged') {
      const diverged = previous.version + 1;
      this.#setup.onError(new Error(`the view of version ${diverged} is not the authority's`), 'following a match');
      void this.#resync(this.#attachment.session!, { diverged });
    } else if (happened === 'lost') {
      void this.#resync(this.#attachment.session!);
      this.#held.push(change);
    } else if (happened !== null) {
      this.#changed(previous);
      for (const happening of happened) this.happenings.tell(happening);
    }
  }

  /** Goes on from a whole view, with the changes that came while it was on its way. */
  #reset(whole: unknown): void {
    const previous = this.#follower?.view;
    if (this.#follower && this.#followed === this.#form) this.#follower.reset(whole);
    else this.#follower = this.#form.follower(whole);
    this.#followed = this.#form;
    const held = this.#held;
    this.#held = [];
    this.#attachment.live();
    if (previous && this.#follower.view !== previous) this.#changed(previous);
    for (const change of held) this.#hear(this.#attachment.session!, change);
  }

  #changed(previous: AnyView): void {
    const { view } = this;
    this.#attachment.came(view.version);
    this.views.tell(view, previous);
  }
}
