/** As much of a syntax tree as lint rules here look at; oxlint and ESLint give it in this form. ESTree. */
export interface Node {
  readonly type: string;
  readonly parent?: Node | null;
  readonly name?: string;
  readonly operator?: string;
  readonly computed?: boolean;
  readonly left?: Node;
  readonly argument?: Node;
  readonly callee?: Node;
  readonly arguments?: readonly Node[];
  readonly object?: Node;
  readonly property?: Node;
  readonly expression?: Node;
  readonly elements?: readonly (Node | null)[];
  readonly properties?: readonly Node[];
  readonly value?: Node;
}

export interface Scope {
  readonly type: string;
  readonly upper: Scope | null;
  readonly set: ReadonlyMap<string, { readonly defs: readonly unknown[] }>;
}

export interface RuleContext {
  readonly sourceCode: { getScope(node: Node): Scope };
  report(found: {
    readonly node: Node;
    readonly messageId: string;
    readonly data: Readonly<Record<string, string>>;
  }): void;
}

/** The variable that a value is read from: `cache` of `cache.byKey[key]!`; null where it is from none. */
export function rootOf(node: Node | undefined): Node | null {
  switch (node?.type) {
    case 'Identifier':
      return node;
    case 'MemberExpression':
      return rootOf(node.object);
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
      return rootOf(node.expression);
    default:
      return null;
  }
}

/** What an assignment writes to: one place, or those of a pattern. */
export function targetsOf(node: Node | null | undefined): readonly Node[] {
  switch (node?.type) {
    case 'ArrayPattern':
      return node.elements?.flatMap(targetsOf) ?? [];
    case 'ObjectPattern':
      return node.properties?.flatMap((property) => targetsOf(property.value ?? property.argument)) ?? [];
    case 'AssignmentPattern':
      return targetsOf(node.left);
    case 'RestElement':
      return targetsOf(node.argument);
    default:
      return node ? [node] : [];
  }
}

/** Whether it runs when the file is loaded, and not when a function is called. */
export function isAtLoad(node: Node): boolean {
  for (let at: Node | null | undefined = node; at; at = at.parent) if (at.type.includes('Function')) return false;
  return true;
}

/** Whether a variable is declared outside of all functions, or imported. */
export function isOfModule(scope: Scope, name: string): boolean {
  for (let at: Scope | null = scope; at; at = at.upper) {
    const variable = at.set.get(name);
    if (variable) return at.type === 'module' || (at.type === 'global' && variable.defs.length > 0);
  }
  return false;
}
