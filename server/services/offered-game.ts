import { gameUris, type AnyRules, type AnyWorldRules, type GameUris } from '../../protocol/index.ts';
import { read } from '../authority/index.ts';

/** A game of which the lobby can have matches made. */
export interface OfferedGame {
  readonly name: string;
  readonly uris: GameUris;
  /** How many seats a match of it has at least; undefined: only its authority knows. */
  readonly seats: number | undefined;
  /** Checked, and with defaults; as they are given where only its authority knows the schema. @throws CallError */
  options(given: unknown): unknown;
}

/** One that this server knows, whoever hosts it. */
export const declaredGame = ({ game: { name, uris, seats, schemas } }: AnyRules | AnyWorldRules): OfferedGame => ({
  name,
  uris,
  seats: seats[0],
  options: (given) => read(schemas.options, given),
});

/** One that only an authority elsewhere knows. */
export const foreignGame = (name: string): OfferedGame => ({
  name,
  uris: gameUris(name),
  seats: undefined,
  options: (given) => given,
});
