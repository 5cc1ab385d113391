import { replay, RunningMatch, type AnyRules, type MatchState } from '../../protocol/index.ts';
import type { KeptMatch, Logged } from './store.ts';

/** Which moment of a match is wanted. */
export interface Moment {
  /** Default: the latest. */
  readonly version?: number;
  /** Spares replaying what came before it. */
  readonly snapshot?: MatchState | null;
  readonly epoch?: number;
  /** How long the seats of those who are not there are held from now on, ms. Not said: they are not waited for. */
  readonly holdMs?: number;
}

/**
 * The match as it was at a version, by its log. Who was there is known of the latest version alone; before it, nobody was.
 * @throws RangeError for a version that it never had; Error where the log is of other rules, or of other schemas.
 */
export function matchAt(
  rules: AnyRules,
  { record, log, ...latest }: KeptMatch,
  { version = latest.version, snapshot = null, epoch = 1, holdMs }: Moment = {},
): RunningMatch {
  const { name, fingerprint } = rules.game;
  if (record.game !== name) throw new Error(`match ${record.id} is one of ${record.game}, not of ${name}`);
  if (record.fingerprint !== fingerprint)
    throw new Error(
      `match ${record.id} was begun with other schemas of ${name} (${record.fingerprint}, now ${fingerprint})`,
    );
  if (!Number.isInteger(version) || version < 0 || version > latest.version)
    throw new RangeError(`match ${record.id} has versions 0 to ${latest.version}, not ${version}`);
  const base = snapshot && snapshot.version <= version ? snapshot : null;
  const following = log.filter((logged) => logged.version > (base?.version ?? 0) && logged.version <= version);
  const { seats, ...rest } = followed(new RunningMatch(rules, base ?? record.setup), following).state;
  const here = version === latest.version ? latest.connected : [];
  const restored: MatchState = {
    ...rest,
    version,
    seats: seats.map(({ player }, seat) => {
      const connected = here.includes(seat);
      const isHeld = holdMs !== undefined && player !== null && !connected && !rest.position.result;
      return { player, connected, ...(isHeld && { heldUntil: rest.time + holdMs }) };
    }),
  };
  return new RunningMatch(rules, restored, epoch);
}

/** The log has gaps, where players came and went: each entry makes the version that it made. @throws as `replay` does. */
function followed(match: RunningMatch, log: readonly Logged[]): RunningMatch {
  for (let rest = log; rest.length > 0;) {
    const [{ version: first }] = rest as [Logged, ...Logged[]];
    const gap = rest.findIndex(({ version }, index) => version !== first + index);
    const run = gap < 0 ? rest : rest.slice(0, gap);
    match = replay(
      match.rules,
      { ...match.state, version: first - 1 },
      run.map(({ entry }) => entry),
    );
    rest = rest.slice(run.length);
  }
  return match;
}
