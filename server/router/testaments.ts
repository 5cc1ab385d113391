/** Publications for when a session has ended. WAMP "Testaments". */
import { parse, ProtocolError, type Dict, type List, type Message } from '../../protocol/index.ts';
import type { MetaCall, MetaProcedures } from './meta.ts';
import { dictAt, dictNamed, listAt, oneOf, textAt, wrong } from './meta-arguments.ts';
import type { Terms } from './publication.ts';
import type { Session } from './session.ts';

/** What is published when, in this order: the session is detached from its transport; then it is gone for good. */
const scopes = ['detached', 'destroyed'] as const;
type Scope = (typeof scopes)[number];

export interface Testament {
  readonly message: Message<'publish'>;
  /** As they were when it was made. */
  readonly terms: Terms;
}

interface Around {
  /** @throws CallError: the session may not publish this, or has made as many testaments as it may. */
  permit(session: Session, message: Message<'publish'>, has: number): Terms;
}

/** The testaments of a realm's sessions. As a session ends with its transport, both scopes are published together. */
export class Testaments {
  readonly #made = new Map<Session, Record<Scope, Testament[]>>();
  readonly #around: Around;
  readonly procedures: MetaProcedures = new Map([
    ['wamp.session.add_testament', (call) => this.#add(call)],
    ['wamp.session.flush_testaments', (call) => this.#flush(call)],
  ]);

  constructor(around: Around) {
    this.#around = around;
  }

  /** The session has ended: what it wanted to be published, in order. */
  take(session: Session): readonly Testament[] {
    const made = this.#made.get(session);
    this.#made.delete(session);
    return made ? scopes.flatMap((scope) => made[scope]) : [];
  }

  /** Forgets those of a session that are no longer allowed. */
  keep(session: Session, isAllowed: (topic: string) => boolean): void {
    const made = this.#made.get(session);
    if (!made) return;
    for (const scope of scopes) made[scope] = made[scope].filter(({ message }) => isAllowed(message.topic));
  }

  #add({ caller, args, kwargs }: MetaCall) {
    const scope = scopeOf(kwargs);
    const options = dictNamed(kwargs, 'publish_options');
    const message = publishOf(textAt(args, 0, 'a topic'), options, listAt(args, 1), dictAt(args, 2));
    const made = this.#made.get(caller) ?? { detached: [], destroyed: [] };
    const terms = this.#around.permit(caller, message, made.detached.length + made.destroyed.length);
    made[scope].push({ message, terms });
    this.#made.set(caller, made);
    return {};
  }

  #flush({ caller, kwargs }: MetaCall) {
    const made = this.#made.get(caller);
    const scope = scopeOf(kwargs);
    if (made) made[scope] = [];
    return {};
  }
}

const scopeOf = ({ scope }: Dict): Scope => oneOf(scope ?? 'destroyed', 'kwargs.scope', scopes);

/** Nobody is left to be acknowledged, or to be excluded as the publisher. */
function publishOf(topic: string, options: Dict, args: List, kwargs: Dict): Message<'publish'> {
  const { acknowledge: _, exclude_me: __, ...kept } = options;
  try {
    return parse([16, 1, kept, topic, args, kwargs]) as Message<'publish'>; // 16 is PUBLISH
  } catch (error) {
    if (error instanceof ProtocolError) throw wrong(error.message.replace('publish.options', 'publish_options'));
    throw error;
  }
}
