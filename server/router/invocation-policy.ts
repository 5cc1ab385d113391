/** Which of a procedure's callees gets a call. WAMP "Shared Registration", "Call Rerouting". */
import type { Callee, Registration } from './registrations.ts';
import { ownerOf } from './rendezvous.ts';

export type InvocationPolicy = 'single' | 'first' | 'last' | 'roundrobin' | 'random';

/** What the choice depends on beside the policy. */
interface Choice {
  /** Whether a callee can serve the call at all; one that has refused it cannot. */
  canServe(callee: Callee): boolean;
  /** Uniform in [0, 1). */
  random(): number;
  /** Names what the call is about: calls with the same key go to the same callee. WAMP "Sharded Registration". */
  readonly rkey: string | undefined;
}

/** A callee that is not as busy as it said it may be. */
const hasRoom = ({ busy, concurrency }: Callee): boolean => busy < concurrency;

/** undefined: none of those who can serve the call has room for it now. */
export function choose(registration: Registration, { canServe, random, rkey }: Choice): Callee | undefined {
  const { callees, invoke } = registration;
  const isFree = (callee: Callee) => hasRoom(callee) && canServe(callee);
  switch (invoke) {
    case 'single':
    case 'first':
      return callees.find(isFree);
    case 'last':
      return callees.findLast(isFree);
    case 'random': {
      if (rkey !== undefined) return shardOf(rkey, callees.filter(canServe));
      const free = callees.filter(isFree);
      return free[Math.floor(random() * free.length)];
    }
    case 'roundrobin': {
      if (rkey !== undefined) return shardOf(rkey, callees.filter(canServe));
      return nextInTurn(registration, isFree);
    }
  }
}

/** In order of registration, and after the last again the first. */
function nextInTurn(registration: Registration, isFree: (callee: Callee) => boolean): Callee | undefined {
  const { callees, turn } = registration;
  for (let step = 0; step < callees.length; step++) {
    const at = (turn + step) % callees.length;
    const callee = callees[at]!;
    if (!isFree(callee)) continue;
    registration.turn = at + 1; // beyond the last, until another comes
    return callee;
  }
  return undefined;
}

/** The one callee that the key belongs to, whoever else comes or goes. A busy one is waited for. */
function shardOf(rkey: string, callees: readonly Callee[]): Callee | undefined {
  const owner = ownerOf(rkey, callees.map(nodeName));
  return callees.find((callee) => nodeName(callee) === owner && hasRoom(callee));
}
const nodeName = ({ session }: Callee): string => String(session.id);
