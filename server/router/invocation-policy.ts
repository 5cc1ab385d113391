/** Which of a procedure's callees gets a call. WAMP "Shared Registration", "Call Rerouting". */
import type { Call } from './calls.ts';
import { isPacked } from './passthru.ts';
import type { Callee } from './registrations.ts';
import { ownerOf } from './rendezvous.ts';

export type InvocationPolicy = 'single' | 'first' | 'last' | 'roundrobin' | 'random';

/** Whether a callee announced what this call needs, and has not refused it. */
export function canServe({ options, refusedBy }: Call, callee: Callee): boolean {
  const can = callee.session.callee;
  if (options.progress && !(can.progressiveInvocations && can.cancel)) return false;
  return (can.passthru || !isPacked(options)) && !refusedBy?.has(callee);
}

/** And is not as busy as it said it may be. */
const isFree = (call: Call, callee: Callee): boolean => callee.busy < callee.concurrency && canServe(call, callee);

/**
 * undefined: none of those who can serve the call has room for it now.
 * @param random uniform in [0, 1).
 */
export function choose(call: Call, random: () => number): Callee | undefined {
  const { callees, invoke } = call.registration;
  switch (invoke) {
    case 'single':
    case 'first':
      for (const callee of callees) if (isFree(call, callee)) return callee;
      return undefined;
    case 'last':
      return callees.findLast((callee) => isFree(call, callee));
    case 'random': {
      if (call.options.rkey !== undefined) return ownerAmong(call, call.options.rkey);
      const free = callees.filter((callee) => isFree(call, callee));
      return free[Math.floor(random() * free.length)];
    }
    case 'roundrobin':
      return call.options.rkey === undefined ? nextInTurn(call) : ownerAmong(call, call.options.rkey);
  }
}

/** In order of registration, and after the last again the first. */
function nextInTurn(call: Call): Callee | undefined {
  const { registration } = call;
  const { callees, turn } = registration;
  for (let step = 0; step < callees.length; step++) {
    const at = (turn + step) % callees.length;
    const callee = callees[at]!;
    if (!isFree(call, callee)) continue;
    registration.turn = at + 1; // beyond the last, until another comes
    return callee;
  }
  return undefined;
}

/**
 * The one callee that the key belongs to, whoever else comes or goes: calls with the same key go to the same. A busy one
 * is waited for. WAMP "Sharded Registration".
 */
function ownerAmong(call: Call, rkey: string): Callee | undefined {
  const able = call.registration.callees.filter((callee) => canServe(call, callee));
  const owner = ownerOf(rkey, able.map(nodeName));
  return able.find((callee) => nodeName(callee) === owner && callee.busy < callee.concurrency);
}
const nodeName = ({ session }: Callee): string => String(session.id);
