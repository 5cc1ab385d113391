/** What components say about their topics, procedures and errors, for tools and people. WAMP "Reflection", which is a sketch. */
import type { Dict, List, Uri } from '../../protocol/index.ts';
import type { Effect } from './effects.ts';
import { value, type MetaAnswer, type MetaCall, type MetaProcedure, type MetaProcedures } from './meta.ts';
import { oneOf, textAt, wrong } from './meta-arguments.ts';
import type { Session } from './session.ts';

const kinds = ['topic', 'procedure', 'error'] as const;
export type Kind = (typeof kinds)[number];

/** Who may do this may describe what it is done with: errors are said, as events are. */
export const describedBy = (kind: Kind): 'register' | 'publish' => (kind === 'procedure' ? 'register' : 'publish');

interface Definition {
  /** Whatever the component likes; a JSON Schema, say. */
  readonly schema: Dict;
  /** The definition ends with this session, or when another defines the same anew. */
  readonly session: Session;
}

interface Around {
  announce(topic: Uri, args: List): Effect[];
  /** @throws CallError: a session may not describe this, or describes as much as it may. */
  permit(session: Session, kind: Kind, uri: Uri, has: number): void;
}

export class Reflection {
  readonly #definitions: Record<Kind, Map<Uri, Definition>> = {
    topic: new Map(),
    procedure: new Map(),
    error: new Map(),
  };
  /** How many each session has. */
  readonly #counts = new Map<Session, number>();
  readonly #around: Around;
  readonly procedures: MetaProcedures;

  constructor(around: Around) {
    this.#around = around;
    this.procedures = new Map<Uri, MetaProcedure>([
      ['wamp.reflect.define', (call) => this.#define(call)],
      ['wamp.reflect.describe', ({ args, kwargs }) => this.#describe(kindOf(kwargs), args)],
      ...kinds.flatMap((kind): [Uri, MetaProcedure][] => [
        [`wamp.reflection.${kind}.list`, () => value([...this.#definitions[kind].keys()])],
        [`wamp.reflection.${kind}.describe`, ({ args }) => this.#describe(kind, args)],
      ]),
    ]);
  }

  leave(session: Session): Effect[] {
    return this.keep(session, () => false);
  }

  /** Ends those of a session that are no longer allowed. */
  keep(session: Session, isAllowed: (kind: Kind, uri: Uri) => boolean): Effect[] {
    if (!this.#counts.has(session)) return [];
    return kinds.flatMap((kind) => {
      const own = [...this.#definitions[kind]].filter(([, definition]) => definition.session === session);
      return own.flatMap(([uri]) => (isAllowed(kind, uri) ? [] : this.#undefine(kind, uri)));
    });
  }

  /** A schema of null takes the definition back. */
  #define({ caller, args, kwargs }: MetaCall): MetaAnswer {
    const kind = kindOf(kwargs);
    const uri = textAt(args, 0, 'a uri');
    const schema = args[1];
    if (schema !== null && !isSchema(schema)) throw wrong('args[1] is neither a dict nor null');
    const isOwn = this.#definitions[kind].get(uri)?.session === caller;
    this.#around.permit(caller, kind, uri, (this.#counts.get(caller) ?? 0) - Number(isOwn));
    const effects = this.#undefine(kind, uri);
    if (schema === null) return { effects };
    this.#definitions[kind].set(uri, { schema, session: caller });
    this.#counts.set(caller, (this.#counts.get(caller) ?? 0) + 1);
    return { effects: [...effects, ...this.#around.announce('wamp.reflect.on_define', [uri, schema, kind])] };
  }

  #describe(kind: Kind, args: List): MetaAnswer {
    return value(this.#definitions[kind].get(textAt(args, 0, 'a uri'))?.schema ?? null);
  }

  #undefine(kind: Kind, uri: Uri): Effect[] {
    const definition = this.#definitions[kind].get(uri);
    if (!definition) return [];
    this.#definitions[kind].delete(uri);
    const left = (this.#counts.get(definition.session) ?? 1) - 1;
    if (left > 0) this.#counts.set(definition.session, left);
    else this.#counts.delete(definition.session);
    return this.#around.announce('wamp.reflect.on_undefine', [uri, kind]);
  }
}

const kindOf = ({ kind }: Dict): Kind => oneOf(kind ?? 'procedure', 'kwargs.kind', kinds);

const isSchema = (given: unknown): given is Dict =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof Uint8Array);
