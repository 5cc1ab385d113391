/** Whether what rules made fits the schemas that their game declared. */
import { issuesText, validate } from '../schema/standard.ts';
import { parts } from '../schema/t.ts';
import type { AnyType } from '../schema/type.ts';

/** The state as its schema makes it: defaults filled in, numbers rounded. @throws Error naming what does not fit, and where. */
export function fittingState(schema: AnyType, state: unknown, seats: number): unknown {
  const checked = fitting(schema, state, 'state');
  const uneven = unevenSeats(schema, checked, seats, 'state');
  if (uneven !== null) throw new Error(uneven);
  return checked;
}

/** @param what names the value in the error. */
export function fitting(schema: AnyType, value: unknown, what: string): unknown {
  const checked = validate(schema, value);
  if (checked.ok) return checked.value;
  throw new Error(`${what} does not fit its schema: ${issuesText(checked.issues)}`);
}

/** What a rule answers, which must not be a promise. @throws Error naming the rule. */
export function atOnce(answer: unknown, what: string): unknown {
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => {}); // what it comes to is of no interest any more
  throw new Error(`${what} is async; rules must answer at once`);
}

/** Where a per-seat collection has not one element a seat; null where all have. */
function unevenSeats(type: AnyType, value: unknown, seats: number, path: string): string | null {
  if (!hasSeats(type) || typeof value !== 'object' || value === null) return null;
  const { structure } = type;
  if (structure.kind === 'perSeat' && (value as unknown[]).length !== seats) {
    return `${path} has ${(value as unknown[]).length} elements for ${seats} seats`;
  }
  const types = structure.kind === 'object' ? structure.fields : null;
  const item = 'item' in structure ? structure.item : null;
  for (const [key, part] of Object.entries(value)) {
    const of = types?.[key] ?? item;
    const uneven = of ? unevenSeats(of, part, seats, `${path}.${key}`) : null;
    if (uneven !== null) return uneven;
  }
  return null;
}
const hasSeats = ({ structure }: AnyType): boolean => structure.kind === 'perSeat' || parts(structure).some(hasSeats);
