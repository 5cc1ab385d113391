/** Standard Schema (standardschema.dev), as far as we use it: any such schema may describe the arguments of a move. */
export interface StandardSchema<Input, Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };
interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What is wrong with a value: where, as `a.b[2]`, and what. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** Issues in one line, for people: `column: too big; row: missing`. */
export const issuesText = (issues: readonly Issue[]): string =>
  issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');

/**
 * The value with defaults filled in, or what is wrong with it: the first issues, shortened where they are long.
 * @throws Error for a schema that validates asynchronously: rules are synchronous.
 */
export function validate<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly issues: readonly Issue[] } {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise)
    throw new Error(`a schema of ${schema['~standard'].vendor} validates asynchronously; rules cannot wait`);
  if (!result.issues) return { ok: true, value: result.value };
  const issues = result.issues
    .slice(0, mostIssues)
    .map(({ path, message }) => ({ path: cut(pathText(path ?? [])), message: cut(message) }));
  return { ok: false, issues };
}

/** Issues quote what was given: a large mistake must not make a larger answer. */
const mostIssues = 20;
const longest = 300;
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);

function pathText(path: NonNullable<StandardIssue['path']>): string {
  let text = '';
  for (const step of path) {
    const key = typeof step === 'object' ? step.key : step;
    text += typeof key === 'number' ? `[${key}]` : text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}
