/**
 * What may cross the wire: JSON's values, binary, and integers of 64 bits. Whole numbers from -2^53 to 2^53 are
 * `number`, longer ones `bigint`; `undefined` means absent in a dict and null in a list.
 */

/** A value as it crosses the wire. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };
export type Dict = { readonly [key: string]: unknown };
export type List = readonly unknown[];

/** Lists and dicts inside each other, counting the message itself. Deeper messages are refused on both ends. */
export const maxDepth = 64;

const longest = { least: -(2n ** 63n), most: 2n ** 64n - 1n };
export const isLong = (value: bigint): boolean => value >= longest.least && value <= longest.most;

export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Nothing of it is sent. */
export function isEmptyDict(value: unknown): boolean {
  if (!isDict(value)) return false;
  for (const key in value) if (value[key] !== undefined) return false;
  return true;
}

/**
 * Whether the payload of a message can be sent, so that whoever passes a Date or a cycle hears of it at once.
 * @throws TypeError naming the place: `args[0].when is a Date, which cannot be sent`.
 */
export function checkPayload(args?: List, kwargs?: Dict): void {
  const depth = 2; // inside the message
  const fault = faultIn('args', args, depth) ?? faultIn('kwargs', kwargs, depth);
  if (fault !== undefined) throw new TypeError(`${fault}, which cannot be sent`);
}

const faultIn = (name: string, value: unknown, depth: number) => {
  const fault = findFault(value, depth);
  return fault === undefined ? undefined : name + fault;
};

/** Where and why a value cannot be sent: `[0].when is a Date`. The path is put together only on the way out. */
function findFault(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
    case 'string':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : ` is ${value}`;
    case 'bigint':
      return isLong(value) ? undefined : ' is an integer beyond 64 bits';
    case 'object':
      break;
    default:
      return ` is a ${typeof value}`;
  }
  if (value === null || value instanceof Uint8Array) return undefined;
  if (depth > maxDepth) return ` is nested more than ${maxDepth} deep`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const fault = findFault(value[i], depth + 1);
      if (fault !== undefined) return `[${i}]${fault}`;
    }
    return undefined;
  }
  if (!isDict(value) || !isPlain(value)) return ` is a ${value.constructor?.name || 'class instance'}`;
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return ' has a key __proto__';
    const fault = findFault(value[key], depth + 1);
    if (fault !== undefined) return `.${key}${fault}`;
  }
  return undefined;
}

/** Made by a literal, in whichever window or context: what it inherits from inherits from nothing. */
function isPlain(value: object): boolean {
  const parent: unknown = Object.getPrototypeOf(value);
  return parent === null || Object.getPrototypeOf(parent) === null;
}
