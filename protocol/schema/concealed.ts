/** What a viewer gets in place of a value that it may not see. On the wire: `{ "concealed": true }`. */
export interface Concealed {
  readonly concealed: true;
}

export const concealed: Concealed = Object.freeze({ concealed: true });

export const isConcealed = (value: unknown): value is Concealed =>
  typeof value === 'object' &&
  value !== null &&
  'concealed' in value &&
  value.concealed === true &&
  Object.keys(value).length === 1;

/** The value, or undefined where it is concealed. */
export const seen = <T>(value: T | Concealed): Exclude<T, Concealed> | undefined =>
  isConcealed(value) ? undefined : (value as Exclude<T, Concealed>);
