/** The moves of a bot in a world: each answers what became of it, once the view shows it. */
import { rejectionOf, type AnyRejection } from '../game/rejection.ts';
import { randomId } from '../wamp/ids.ts';
import type { AnyWorld } from '../world/world.ts';
import { fromAuthority } from './followed-match.ts';
import type { FollowedWorld } from './followed-world.ts';

export type AnyOutcome =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly error: AnyRejection };
export interface AnyMoves {
  readonly [move: string]: (args?: object) => Promise<AnyOutcome>;
}

export class BotMoves {
  readonly byName: AnyMoves;
  readonly #world: () => FollowedWorld | null;
  /** Accepted, and not seen yet. */
  readonly #unseen = new Set<{ readonly version: number; readonly resolve: () => void }>();

  /** @param world where they are made; null: nowhere now. */
  constructor({ schemas }: AnyWorld, world: () => FollowedWorld | null) {
    this.#world = world;
    this.byName = Object.fromEntries(
      Object.keys(schemas.moves).map((move) => [move, (args: object = {}) => this.#make(move, args)]),
    );
  }

  /** The view has come to a version; Infinity: it comes no further, or begins anew. */
  came(version: number): void {
    for (const one of this.#unseen) {
      if (one.version > version) continue;
      this.#unseen.delete(one);
      one.resolve();
    }
  }

  /** A bot that does not wait for the answer is not harmed by one that does not come. */
  #make(move: string, args: object): Promise<AnyOutcome> {
    const outcome = this.#outcome(move, args);
    outcome.catch(() => {});
    return outcome;
  }

  async #outcome(move: string, args: object): Promise<AnyOutcome> {
    const world = this.#world();
    if (!world) throw new Error(`move ${move}: the bot is not in the world`);
    try {
      const answer = await world.session.call(world.uris.move(move), [{ ...args }], { id: randomId().toString(36) });
      const { version } = fromAuthority<{ version: number }>(answer.args[0]);
      if (world === this.#world() && version > world.view.version)
        await new Promise<void>((resolve) => this.#unseen.add({ version, resolve }));
      return { ok: true, version };
    } catch (error) {
      const rejection = rejectionOf(error);
      if (!rejection) throw error;
      return { ok: false, error: rejection };
    }
  }
}
