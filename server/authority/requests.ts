/** What is asked of an authority: by whom, and with which arguments. `design.md` §5. */
import {
  agreements,
  claims,
  CallError,
  errors,
  gameUris,
  refusal,
  rejectionError,
  t,
  validate,
  wireForms,
  type FrameworkCode,
  type FrameworkErrors,
  type Invocation,
  type StandardSchema,
} from '../../protocol/index.ts';

/** Who calls, as the router says: never as arguments say. */
export interface Caller {
  readonly session: number;
  readonly authid: string;
  readonly authrole: string;
}

/** @throws CallError where the router does not disclose its callers. */
export function callerOf({
  details: { caller, caller_authid: authid, caller_authrole: authrole },
}: Invocation): Caller {
  if (caller === undefined || authid === undefined || authrole === undefined) {
    throw new CallError(errors.notAuthorized, ['the router did not say who calls']);
  }
  return { session: caller, authid, authrole };
}

/** Arguments by their schema. @throws CallError `game.error.bad_arguments`, naming the path of each fault. */
export function read<T>(schema: StandardSchema<unknown, T>, given: unknown, version = 0): T {
  const checked = validate(schema, given);
  if (checked.ok) return checked.value;
  throw refused('bad_arguments', { issues: checked.issues }, version);
}

/** A refusal by the framework, to be thrown. Its URI is of no game. */
export const refused = <K extends FrameworkCode>(code: K, details: FrameworkErrors[K], version = 0): CallError =>
  rejectionError(gameUris('any'), refusal(code, details, version));

const form = t.oneOf(...wireForms).default('json');

export const createRequest = t.object({
  options: t.json().default({}),
  seats: t.int(1, 16).optional(),
  /** Whether the match stands in the public list. */
  listed: t.bool().default(true),
  /** Who is seated already, by seat. */
  players: t.list(t.str(200).nullable(), 16).default([]),
});
export const joinRequest = t.object({
  seat: t.int(0, 15).nullable().optional(),
  form,
  fingerprint: t.str(64).optional(),
});
/** `diverged` is the version whose view turned out not to be ours. */
export const syncRequest = t.object({ form, since: t.json().optional(), diverged: t.int(0).optional() });
/** `id` is random for each attempt; `seen` is the version on which the move was decided; `seat` the one it is meant for. */
export const moveRequest = t.object({
  id: t.str(64).optional(),
  seen: t.int(0).optional(),
  seat: t.int(0, 15).optional(),
});
const what = t.oneOf('rematch', ...agreements);
export const offerRequest = t.object({ what, id: t.str(64).optional() });
export const answerRequest = t.object({ what, accept: t.bool(), id: t.str(64).optional() });
export const claimRequest = t.object({ what: t.oneOf(...claims), id: t.str(64).optional() });
export const emptyRequest = t.object({});
