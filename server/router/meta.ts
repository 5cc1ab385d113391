/** Procedures that the router answers itself. WAMP "Meta API". */
import { CallError, errors, valuesOf, type Dict, type List, type Message, type Uri } from '../../protocol/index.ts';
import { refuse, send, type Content, type Effect } from './effects.ts';
import type { Session } from './session.ts';

export interface MetaCall {
  readonly caller: Session;
  readonly args: List;
  readonly kwargs: Dict;
}

/** What the caller gets, and what else has happened. */
export interface MetaAnswer extends Content {
  readonly effects?: readonly Effect[];
}

/** @throws CallError */
export type MetaProcedure = (call: MetaCall) => MetaAnswer;
export type MetaProcedures = ReadonlyMap<Uri, MetaProcedure>;

/** An answer of one value. */
export const value = (result: unknown, effects: readonly Effect[] = []): MetaAnswer => ({ args: [result], effects });

export function answerMeta(procedures: MetaProcedures, caller: Session, message: Message<'call'>): Effect[] {
  const { procedure, request } = message;
  const { args = [], kwargs = {} } = valuesOf(message);
  try {
    const serve = procedures.get(procedure);
    if (!serve) throw new CallError(errors.noSuchProcedure, [`the router has no procedure ${procedure}`]);
    const { effects = [], ...content } = serve({ caller, args, kwargs });
    return [...effects, send(caller.connection, { type: 'result', request, details: {}, ...content })];
  } catch (error) {
    if (error instanceof CallError) return [refuse(caller.connection, 'call', request, error.uri, error.message)];
    throw error;
  }
}
