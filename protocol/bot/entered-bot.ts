/** A bot in a world. It holds an input as a person would, tick by tick, and comes back when its session is replaced. */
import { rejectionOf } from '../game/rejection.ts';
import type { Happening } from '../sync/change.ts';
import { pause } from '../wamp/clock.ts';
import { CallError, errors } from '../wamp/errors.ts';
import type { Session } from '../wamp/session.ts';
import type { AnyWorldView } from '../world/world-view.ts';
import { BotMoves, type AnyMoves } from './bot-moves.ts';
import { FollowedWorld } from './followed-world.ts';
import { Helm, type HelmSetup } from './helm.ts';
import { whenEnded } from './session-end.ts';

/** Why a bot is in its world no more. */
export type Parting =
  /** It was told to leave. */
  | 'left'
  /** The world has ended or does not let it in again, or its player was taken out, or is played by another session. */
  | 'gone'
  /** Its session has ended, and there is no other. */
  | 'offline';

export interface EnteredBotSetup extends HelmSetup {
  /** The session that there is; after its end, the next one. @throws where there will be none. */
  session(): Promise<Session>;
  readonly match: string;
  report(what: string, cause: unknown): void;
}

/** Most inputs at once, where ticks came late. */
const mostAtOnce = 5;
/** So long no tick comes, or no input is taken, before it looks what the matter is, ms. */
const silenceMs = 5_000;
/** A game server that restarts may come back to the router later than we do, ms. */
const retryMs = 1_000;

export class EnteredBot {
  readonly done: Promise<Parting>;
  readonly #with: EnteredBotSetup;
  readonly #helm: Helm;
  readonly #moves: BotMoves;
  #finish!: (parting: Parting) => void;
  /** Null between two sessions. */
  #session: Session | null = null;
  /** Null before it has entered, and between two sessions. */
  #world: FollowedWorld | null = null;
  /** Whether it has seen its player there. */
  #isHere = false;
  /** The latest, also between two sessions. */
  #view: AnyWorldView | null = null;
  #player = '';
  #isGone = false;
  /** Number of the last input, and its tick. */
  #last = 0;
  #sent = 0;
  #watch: unknown = null;

  constructor(setup: EnteredBotSetup) {
    this.#with = setup;
    this.#helm = new Helm(setup, (cause) => this.#report('it stands still', cause));
    this.#moves = new BotMoves(setup.game, () => this.#world);
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  get view(): AnyWorldView {
    if (!this.#view) throw new Error('the world is not entered yet');
    return this.#view;
  }
  get moves(): AnyMoves {
    return this.#moves.byName;
  }
  get player(): string {
    return this.#player;
  }

  /** Enters, and plays until the end. @throws CallError when it is not let in. */
  async enter(): Promise<void> {
    try {
      await this.#join(await this.#with.session());
    } catch (error) {
      this.#part('gone');
      throw error;
    }
  }

  /** Takes its player out of the world; where that is not to be reached, the authority does so in a while. */
  async leave(): Promise<void> {
    const world = this.#world;
    this.#stop();
    await world?.session.call(world.uris.leave).catch(() => {});
    this.#finish('left');
  }

  async #join(session: Session): Promise<void> {
    this.#session = session;
    this.#player = session.authid;
    const forget = whenEnded(session, () => this.#inBackground(this.#next(session)));
    void this.done.then(forget);
    await this.#attach(session);
  }

  /** Follows the world for as long as the session lasts; should a message be missing, from the start again. */
  async #attach(session: Session): Promise<void> {
    const { game, match, clock } = this.#with;
    const world = new FollowedWorld({
      session,
      game,
      match,
      onView: (events) => this.#look(world, events),
      onLost: () => this.#inBackground(this.#attach(session)),
      onPassed: () => this.#session === session && this.#part('gone'),
    });
    try {
      await world.enter();
    } catch (error) {
      if (this.#view === null) throw error;
      if (this.#isGone || this.#session !== session) return;
      if (!mayPass(error)) throw error;
      await pause(clock, retryMs);
      if (!this.#isGone && this.#session === session) await this.#attach(session);
      return;
    }
    if (!this.#isGone) return;
    world.stop(); // it was told to leave meanwhile
    await session.call(world.uris.leave).catch(() => {});
  }

  /** A session has ended; the authority keeps the player for a while. */
  async #next(ended: Session): Promise<void> {
    this.#interrupt();
    this.#session = this.#world = null;
    const session = await this.#with.session().catch(() => ended);
    if (this.#isGone) return;
    if (session === ended) this.#part('offline');
    else await this.#join(session);
  }

  #look(world: FollowedWorld, events: readonly Happening[]): void {
    if (this.#isGone || this.#session !== world.session) return;
    const { view } = world;
    this.#view = view;
    if (world !== this.#world) this.#start(world);
    this.#helm.heard(events);
    this.#moves.came(view.version);
    if (view.me === null) return this.#isHere ? this.#part('gone') : undefined; // with the next tick it appears
    if (!this.#isHere) this.#sent = view.tick - 1;
    this.#isHere = true;
    this.#helm.ask({ view, player: this.#player, options: world.options, moves: this.moves });
    this.#send(world);
  }

  #start(world: FollowedWorld): void {
    this.#world = world;
    this.#isHere = false;
    this.#last = 0;
    this.#moves.came(Infinity);
    this.#watchOver(world);
  }

  /** A world that has ended says nothing any more, and a player that somebody else plays, or has taken out, obeys no more. */
  #watchOver(world: FollowedWorld): void {
    const { clock } = this.#with;
    const [{ tick }, last] = [world.view, this.#last];
    clock.clearTimeout(this.#watch);
    this.#watch = clock.setTimeout(() => {
      if (world !== this.#world) return;
      if (world.view.tick === tick) {
        world.stop();
        return this.#inBackground(this.#attach(world.session));
      }
      if (world.taken < last) return this.#part('gone');
      this.#watchOver(world);
    }, silenceMs);
  }

  /** One input for each tick, paced by the authority. */
  #send({ session, uris, view: { tick } }: FollowedWorld): void {
    const count = Math.min(tick - this.#sent, mostAtOnce);
    if (this.#isGone || count <= 0) return;
    this.#sent = tick;
    this.#last += count;
    const inputs = Array.from({ length: count }, () => this.#helm.input);
    session.publish(uris.input, [this.#last, inputs, tick]).catch(() => {}); // it fails only with its session
  }

  #interrupt(): void {
    this.#helm.interrupt();
    this.#with.clock.clearTimeout(this.#watch);
    this.#moves.came(Infinity);
  }

  #part(parting: Parting): void {
    if (this.#isGone) return;
    this.#stop();
    this.#finish(parting);
  }

  #stop(): void {
    this.#isGone = true;
    this.#interrupt();
    this.#world?.stop();
    this.#session = this.#world = null;
  }

  /** What fails here fails for good. */
  #inBackground(work: Promise<void>): void {
    work.catch((cause: unknown) => {
      if (this.#isGone) return;
      if (rejectionOf(cause)?.code !== 'no_such_match') this.#report('it is there no more', cause);
      this.#part('gone');
    });
  }

  #report(what: string, cause: unknown): void {
    const { match, game, report } = this.#with;
    report(`bot in world ${match} of ${game.name}: ${what}`, cause);
  }
}

/** Whether it may be otherwise in a moment. */
function mayPass(error: unknown): boolean {
  const rejection = rejectionOf(error);
  if (rejection) return rejection.code === 'rate_limited';
  return error instanceof CallError && error.uri === errors.noSuchProcedure;
}
