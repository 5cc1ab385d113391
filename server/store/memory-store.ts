import type { Entry } from '../../protocol/index.ts';
import type { MatchRecord, MatchStore } from './store.ts';

/** Keeps matches as long as the process lives. */
export function memoryStore(): MatchStore {
  const matches = new Map<string, { readonly record: MatchRecord; readonly log: Entry[] }>();
  return {
    async create(record) {
      if (matches.has(record.id)) throw new Error(`the store has a match ${record.id} already`);
      matches.set(record.id, { record, log: [] });
    },
    async append(match, position, entries) {
      const kept = matches.get(match);
      if (!kept) throw new Error(`the store has no match ${match}`);
      if (kept.log.length !== position)
        throw new Error(`the log of match ${match} has ${kept.log.length} entries, not ${position}`);
      kept.log.push(...entries);
    },
    async read(match) {
      const kept = matches.get(match);
      return kept ? { record: kept.record, log: [...kept.log] } : null;
    },
    async remove(match) {
      matches.delete(match);
    },
  };
}
