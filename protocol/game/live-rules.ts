/** Rules that can be swapped while matches run by them: for who writes them. */
import type { StandardSchema } from '../schema/standard.ts';
import type { AnyType } from '../schema/type.ts';

/** Rules of a game or of a world, as far as this looks at them. */
interface Swappable {
  readonly game: { readonly name: string; readonly fingerprint: string; readonly schemas: object };
}

export interface LiveRules<R extends Swappable> {
  /** One value for good, which behaves as the newest rules do: authority, matches and worlds are given it once. */
  readonly rules: R;
  /**
   * From the next move on these are the rules; states, views and logs stay. Where their schemas are others the running
   * matches cannot go on with them: nothing changes.
   * @returns what does not fit, a line for each field; none where they were swapped.
   */
  swap(next: R): readonly string[];
}

export function liveRules<R extends Swappable>(first: R): LiveRules<R> {
  let current = first;
  return {
    rules: new Proxy(first, {
      get: (_, key): unknown => (key === 'game' ? first.game : Reflect.get(current, key)),
    }),
    swap(next) {
      if (next.game.fingerprint !== first.game.fingerprint) return differences(first.game, next.game);
      current = next;
      return [];
    },
  };
}

/** In what two games of different fingerprints differ. */
function differences(before: Swappable['game'], after: Swappable['game']): readonly string[] {
  const facts = Object.keys(before).filter((key) => !derived.includes(key));
  const found = [
    ...facts.flatMap((key) => became(key, factText(before, key), factText(after, key))),
    ...within('', before.schemas, after.schemas),
  ];
  return found.length > 0 ? found : ['its fields stand in another order'];
}

/** Of a game: what follows from the rest, and what is looked at by itself. */
const derived = ['schemas', 'fingerprint', 'uris', 'idle', 'rules', 'types'];
const factText = (game: object, key: string): string => JSON.stringify(Reflect.get(game, key)) ?? 'nothing';

type Part = AnyType | StandardSchema<unknown, unknown> | { readonly [name: string]: Part };

function within(path: string, before: object, after: object): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const at = path === '' ? name : `${path}.${name}`;
    const [was, is] = [partOf(before, name), partOf(after, name)];
    if (was === undefined) return [`${at} is new`];
    if (is === undefined) return [`${at} is gone`];
    return between(at, was, is);
  });
}

function between(path: string, before: Part, after: Part): string[] {
  if (!isSchema(before) || !isSchema(after)) return within(path, before, after);
  const [was, is] = [textOf(before), textOf(after)];
  if (was === is) return [];
  const [fields, others] = [fieldsOf(before), fieldsOf(after)];
  const inside = fields && others ? within(path, fields, others) : [];
  return inside.length > 0 ? inside : became(path, was, is);
}

const became = (what: string, was: string, is: string): string[] =>
  was === is ? [] : [`${what}: ${was} became ${is}`];
const partOf = (record: object, name: string) => Reflect.get(record, name) as Part | undefined;
const isSchema = (part: Part): part is AnyType | StandardSchema<unknown, unknown> => '~standard' in part;
const isOurs = (schema: object): schema is AnyType => 'structure' in schema;
const textOf = (schema: AnyType | StandardSchema<unknown, unknown>): string =>
  isOurs(schema) ? schema.text : `a schema of ${schema['~standard'].vendor}`;

/** What an object is made of, through lists and the like, whose own names do not matter. */
function fieldsOf(schema: object): object | null {
  if (!isOurs(schema)) return null;
  const { structure } = schema;
  if (structure.kind === 'object') return structure.fields;
  return 'item' in structure ? fieldsOf(structure.item) : null;
}
