/**
 * What one's own moves have done to others, shown over them: at once where they are drawn in the past, and until that past has
 * come as far. And what has been told of these moves already, so that nobody hears it twice.
 */
import {
  diff,
  playersKind,
  type AnyWorldView,
  type Happening,
  type PendingMove,
  type ThingChange,
} from '../../protocol/index.ts';

type Drawn = Pick<AnyWorldView, 'players' | 'entities'>;

export class OwnMoves {
  /** Confirmed by a tick that is not drawn yet, oldest first. */
  #confirmed: { readonly changes: readonly ThingChange[]; readonly tick: number }[] = [];
  #told: { readonly number: number; readonly events: readonly Happening[] }[] = [];

  /** A move is shown from now on. @param events that are told at once. */
  made(number: number, events: readonly Happening[]): void {
    if (events.length > 0) this.#told.push({ number, events });
  }

  /** A move was refused. What was told of it cannot be taken back. */
  refused(number: number): void {
    this.#told = this.#told.filter((one) => one.number !== number);
  }

  /** Moves that are in the state of a tick. */
  confirmed(moves: readonly PendingMove[], tick: number): void {
    for (const { changes } of moves) if (changes.length > 0) this.#confirmed.push({ changes, tick });
  }

  /** Of what has happened in a tick, what nobody was told before. @param last number of the last move in it. */
  untold(happened: readonly Happening[], last: number): readonly Happening[] {
    const told = this.#told.filter(({ number }) => number <= last).flatMap(({ events }) => events);
    this.#told = this.#told.filter(({ number }) => number > last);
    return happened.filter((event) => {
      const index = told.findIndex((one) => diff(one, event) === undefined);
      return index < 0 || !told.splice(index, 1);
    });
  }

  /** @param tick that is drawn. @param pending moves that are predicted. */
  over(drawn: Drawn, tick: number, pending: readonly PendingMove[]): Drawn {
    this.#confirmed = this.#confirmed.filter((one) => one.tick > tick);
    const shown = [...this.#confirmed, ...pending].flatMap(({ changes }) => changes);
    if (shown.length === 0) return drawn;
    const players = { ...drawn.players };
    const entities = Object.fromEntries(Object.entries(drawn.entities).map(([kind, things]) => [kind, { ...things }]));
    for (const change of shown) show(change, change.kind === playersKind ? players : entities[change.kind]!);
    return { players, entities };
  }
}

/** Of a thing that is drawn already only what has changed: the rest is where it is drawn. */
function show({ key, before, after }: ThingChange, things: Record<string, unknown>): void {
  const thing = things[key];
  if (!after) delete things[key];
  else if (!before) things[key] = after;
  else if (typeof thing === 'object') things[key] = { ...thing, ...changedFields(before, after) };
}

const changedFields = (before: object, after: object): object =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => (before as Record<string, unknown>)[name] !== value),
  );
