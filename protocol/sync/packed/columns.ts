/** The fields of an entity's schema as columns: objects within it are taken apart. */
import { concealed } from '../../schema/concealed.ts';
import { motionOf } from '../../schema/packing.ts';
import type { AnyType, Shape } from '../../schema/type.ts';
import { codecOf } from './codec-of.ts';
import { MovingColumn } from './moving-column.ts';
import { SteppingColumn } from './stepping-column.ts';

export type Column = MovingColumn | SteppingColumn;

/** A field of an entity: a column with its value, fields of its own, or something that is not for everybody. */
export type EntityField = { readonly name: string } & (
  | { readonly column: number }
  | { readonly fields: readonly EntityField[] }
  | { readonly concealed: true }
);

/** How entities of a schema are laid out in columns. */
export interface Layout {
  readonly fields: readonly EntityField[];
  /** The way to each column's value. */
  readonly paths: readonly (readonly string[])[];
  columns(capacity: number): Column[];
}

/** @throws Error for a schema that is no object. */
export function layoutOf({ structure }: AnyType): Layout {
  if (structure.kind !== 'object') throw new Error(`entities are objects, not of kind ${structure.kind}`);
  const paths: string[][] = [];
  const makers: ((capacity: number) => Column)[] = [];
  const fieldsOf = (shape: Shape, path: readonly string[]): EntityField[] =>
    Object.entries(shape)
      .filter(([, type]) => type.who !== 'hidden')
      .map(([name, type]) => {
        if (type.who !== 'public') return { name, concealed: true };
        const inside = plainFields(type);
        if (inside) return { name, fields: fieldsOf(inside, [...path, name]) };
        makers.push(maker(type));
        return { name, column: paths.push([...path, name]) - 1 };
      });
  const fields = fieldsOf(structure.fields, []);
  return { fields, paths, columns: (capacity) => makers.map((make) => make(capacity)) };
}

/** Of an object that always stands there. */
const plainFields = ({ structure, isNullable, isOptional }: AnyType): Shape | null =>
  structure.kind === 'object' && !isNullable && !isOptional ? structure.fields : null;

function maker(type: AnyType): (capacity: number) => Column {
  const { structure } = type;
  if (motionOf(type) !== 'step' && structure.kind === 'leaf' && 'step' in structure.packing) {
    const { packing } = structure;
    return (capacity) => new MovingColumn(packing, capacity);
  }
  const [codec, hashed] = [codecOf(type, 'public'), codecOf(type, 'common')];
  const hasParts = structure.kind !== 'leaf' || structure.packing.as === 'json';
  return () => new SteppingColumn(codec, hashed, hasParts);
}

/** The entity whose columns have these values. */
export function entityOf(fields: readonly EntityField[], valueOf: (column: number) => unknown): object {
  const entity: Record<string, unknown> = {};
  for (const field of fields) {
    if ('concealed' in field) entity[field.name] = concealed;
    else if ('fields' in field) entity[field.name] = entityOf(field.fields, valueOf);
    else {
      const value = valueOf(field.column);
      if (value !== undefined) entity[field.name] = value;
    }
  }
  return entity;
}

/** What stands at the end of a path; undefined where it ends before. */
export function valueAt(entity: object, path: readonly string[]): unknown {
  let value: unknown = entity;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
