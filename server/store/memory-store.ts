import type { MatchState } from '../../protocol/index.ts';
import { errors, isKept, type Logged, type MatchRecord, type MatchStore, type WorldParts } from './store.ts';

interface Kept {
  readonly record: MatchRecord;
  readonly log: Logged[];
  epoch: number;
  version: number;
  connected: readonly number[];
  snapshot: MatchState | null;
  parts: WorldParts;
}

/** Keeps matches as long as the process lives. */
export function memoryStore(): MatchStore {
  const matches = new Map<string, Kept>();
  const of = (match: string, { epoch, version }: { epoch: number; version?: number }): Kept => {
    const kept = matches.get(match);
    if (!kept) throw new Error(errors.missing(match));
    const wanted = { epoch, version: version ?? kept.version };
    if (kept.epoch !== epoch || kept.version !== wanted.version) throw new Error(errors.overtaken(match, kept, wanted));
    return kept;
  };
  return {
    async create(record, { version, connected, log } = { version: 0, connected: [], log: [] }) {
      if (matches.has(record.id)) throw new Error(errors.taken(record.id));
      matches.set(record.id, { record, log: [...log], epoch: 1, version, connected, snapshot: null, parts: {} });
    },
    async append({ match, epoch, after, entries, connected }) {
      const kept = of(match, { epoch, version: after });
      for (const entry of entries) {
        kept.version += 1;
        if (isKept(entry)) kept.log.push({ version: kept.version, entry });
      }
      kept.connected = connected;
    },
    async snapshot(match, epoch, snapshot) {
      of(match, { epoch }).snapshot = snapshot;
    },
    async claim(match, recent) {
      const kept = matches.get(match);
      if (!kept) return null;
      kept.epoch += 1;
      const { snapshot, log } = kept;
      const following = log.filter(({ version }) => version > (snapshot?.version ?? 0)).length;
      return { ...kept, log: log.slice(-Math.max(following, recent, 1)) };
    },
    async read(match) {
      const kept = matches.get(match);
      if (!kept) return null;
      const { record, version, connected, log } = kept;
      return { record, version, connected, log: [...log] };
    },
    async keepWorld({ match, epoch, version, parts }) {
      const kept = of(match, { epoch });
      kept.version = version;
      kept.parts = { ...kept.parts, ...parts };
    },
    async claimWorld(match) {
      const kept = matches.get(match);
      if (!kept) return null;
      kept.epoch += 1;
      const { record, epoch, version, parts } = kept;
      return { record, epoch, version, parts };
    },
    async readWorld(match) {
      const kept = matches.get(match);
      return kept ? { record: kept.record, version: kept.version, parts: kept.parts } : null;
    },
    async list() {
      return [...matches.values()].map(({ record, version }) => ({ record, version }));
    },
    async remove(match) {
      matches.delete(match);
    },
    async close() {},
  };
}
