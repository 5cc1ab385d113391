import type { MatchPolicy, Uri } from '../../protocol/index.ts';
import { Lately } from './lately.ts';

/**
 * Values by URI pattern: subscriptions, registrations and permissions are all kept in one of these. Exact patterns are
 * a map, prefixes a map per length, wildcards a trie. WAMP "Pattern-based Subscriptions", "Pattern-based Registrations".
 */
export class PatternIndex<T> {
  readonly #exact = new Map<Uri, T>();
  readonly #prefixes = new Map<number, Map<Uri, T>>();
  /** The keys of #prefixes, longest first. */
  #lengths: readonly number[] = [];
  readonly #wildcards: Node<T> = { children: new Map() };
  /** Of prefixes and wildcards: the one that is best for a URI, null if there is none, and all that match. */
  readonly #best = new Lately<T | null>();
  readonly #matching = new Lately<readonly T[]>();

  get(uri: Uri, match: MatchPolicy): T | undefined {
    switch (match) {
      case 'exact':
        return this.#exact.get(uri);
      case 'prefix':
        return this.#prefixes.get(uri.length)?.get(uri);
      case 'wildcard':
        return walk(this.#wildcards, uri.split('.'))?.value;
    }
  }

  set(uri: Uri, match: MatchPolicy, value: T): void {
    switch (match) {
      case 'exact':
        this.#exact.set(uri, value);
        return;
      case 'prefix':
        this.#prefixesOf(uri.length).set(uri, value);
        break;
      case 'wildcard': {
        let node = this.#wildcards;
        for (const component of uri.split('.')) node = childOf(node, component);
        node.value = value;
      }
    }
    this.#patternsHaveChanged();
  }

  delete(uri: Uri, match: MatchPolicy): void {
    switch (match) {
      case 'exact':
        this.#exact.delete(uri);
        return;
      case 'prefix': {
        const ofLength = this.#prefixes.get(uri.length);
        ofLength?.delete(uri);
        if (ofLength?.size === 0) this.#prefixes.delete(uri.length);
        this.#sortLengths();
        break;
      }
      case 'wildcard':
        prune(this.#wildcards, uri.split('.'));
    }
    this.#patternsHaveChanged();
  }

  /** Every value whose pattern matches: the exact one, prefixes from the longest, wildcards from the most specific. */
  matching(uri: Uri): readonly T[] {
    const exact = this.#exact.get(uri);
    if (!this.#hasPatterns) return exact === undefined ? [] : [exact]; // there may be more topics than are kept
    const patterns = this.#matching.get(uri) ?? this.#matching.keep(uri, this.#findPatterns(uri));
    return exact === undefined ? patterns : [exact, ...patterns];
  }

  /** The one value a call reaches: exact, else the longest prefix, else the wildcard with the leftmost literal. */
  best(uri: Uri): T | undefined {
    const exact = this.#exact.get(uri);
    if (exact !== undefined) return exact;
    const known = this.#best.get(uri);
    return (known === undefined ? this.#best.keep(uri, this.#findPattern(uri) ?? null) : known) ?? undefined;
  }

  get #hasPatterns(): boolean {
    return this.#lengths.length > 0 || this.#wildcards.children.size > 0;
  }

  #patternsHaveChanged(): void {
    this.#best.forget();
    this.#matching.forget();
  }

  #findPatterns(uri: Uri): T[] {
    const found: T[] = [];
    for (const length of this.#lengths) {
      const value = this.#prefixAt(uri, length);
      if (value !== undefined) found.push(value);
    }
    if (this.#wildcards.children.size > 0) collect(this.#wildcards, uri.split('.'), 0, found);
    return found;
  }

  #findPattern(uri: Uri): T | undefined {
    for (const length of this.#lengths) {
      const value = this.#prefixAt(uri, length);
      if (value !== undefined) return value;
    }
    return this.#wildcards.children.size > 0 ? bestWildcard(this.#wildcards, uri.split('.'), 0) : undefined;
  }

  #prefixAt(uri: Uri, length: number): T | undefined {
    return length > uri.length ? undefined : this.#prefixes.get(length)?.get(uri.slice(0, length));
  }

  #prefixesOf(length: number): Map<Uri, T> {
    const known = this.#prefixes.get(length);
    if (known) return known;
    const ofLength = new Map<Uri, T>();
    this.#prefixes.set(length, ofLength);
    this.#sortLengths();
    return ofLength;
  }

  #sortLengths(): void {
    if (this.#lengths.length !== this.#prefixes.size)
      this.#lengths = [...this.#prefixes.keys()].toSorted((a, b) => b - a);
  }
}

/** A wildcard pattern is a path of components; the empty one stands for any. */
interface Node<T> {
  readonly children: Map<string, Node<T>>;
  value?: T;
}
const anyComponent = '';

function childOf<T>(node: Node<T>, component: string): Node<T> {
  const known = node.children.get(component);
  if (known) return known;
  const child: Node<T> = { children: new Map() };
  node.children.set(component, child);
  return child;
}

function walk<T>(root: Node<T>, components: readonly string[]): Node<T> | undefined {
  let node: Node<T> | undefined = root;
  for (const component of components) node = node?.children.get(component);
  return node;
}

/** Takes out the value at the end of the path, and every node that then leads nowhere. */
function prune<T>(node: Node<T>, [component, ...rest]: readonly string[]): void {
  if (component === undefined) {
    delete node.value;
    return;
  }
  const child = node.children.get(component);
  if (!child) return;
  prune(child, rest);
  if (child.value === undefined && child.children.size === 0) node.children.delete(component);
}

function collect<T>(node: Node<T>, components: readonly string[], at: number, found: T[]): void {
  if (at === components.length) {
    if (node.value !== undefined) found.push(node.value);
    return;
  }
  const literal = node.children.get(components[at]!);
  if (literal) collect(literal, components, at + 1, found);
  const any = node.children.get(anyComponent);
  if (any) collect(any, components, at + 1, found);
}

/** Literal before wildcard, from the left: the first pattern found is the most specific. */
function bestWildcard<T>(node: Node<T>, components: readonly string[], at: number): T | undefined {
  if (at === components.length) return node.value;
  const literal = node.children.get(components[at]!);
  const found = literal && bestWildcard(literal, components, at + 1);
  if (found !== undefined) return found;
  const any = node.children.get(anyComponent);
  return any && bestWildcard(any, components, at + 1);
}
