import { replay, RunningMatch, type AnyRules, type MatchSnapshot } from '../../protocol/index.ts';
import type { KeptMatch } from './store.ts';

/** Which moment of a match is wanted. */
export interface Moment {
  /** Default: the latest. */
  readonly version?: number;
  /** Spares replaying what came before it. */
  readonly snapshot?: MatchSnapshot | null;
  readonly epoch?: number;
}

/**
 * The match as it was at a version, by its log. Who was there is known of the latest version alone; before it, nobody was.
 * @throws RangeError for a version that it never had; Error where the log is of other rules, or of other schemas.
 */
export function matchAt(
  rules: AnyRules,
  { record, log, ...latest }: KeptMatch,
  { version = latest.version, snapshot = null, epoch = 1 }: Moment = {},
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
  const entries = following.map(({ entry }) => entry);
  const { seats, ...rest } =
    base && entries.length === 0 ? base : replay(rules, base ?? record.setup, entries).snapshot();
  const here = version === latest.version ? latest.connected : [];
  const restored: MatchSnapshot = {
    ...rest,
    version, // the log has gaps, where players came and went
    seats: seats.map(({ player }, seat) => ({ player, connected: here.includes(seat) })),
  };
  return new RunningMatch(rules, restored, epoch);
}
