import { existsSync, realpathSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';

export interface WatchOptions {
  /** Told when a folder cannot be watched any more. Default: the console. */
  readonly report?: (error: unknown) => void;
  readonly clock?: Clock;
  /** How long nothing must have happened. */
  readonly restMs?: number;
}

/**
 * Calls back when files may have changed and are at rest again: one change makes several events. It watches their folders,
 * because a change may replace a file, or a link to it or to its folder; not those that are not there.
 */
export function watchFiles(
  paths: readonly string[],
  onRest: () => void,
  { clock = backgroundClock, restMs = defaults.fileRestMs, report = console.error }: WatchOptions = {},
): { close(): void } {
  let timer: unknown;
  const changed = () => {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(onRest, restMs);
  };
  const real = paths.filter((path) => existsSync(path)).map((path) => realpathSync(path));
  const folders = [...new Set([...paths, ...real].map((path) => dirname(path)))].filter((folder) => existsSync(folder));
  const watchers = folders.map((folder) => watch(folder, { persistent: false }, changed).on('error', report));
  return {
    close() {
      clock.clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
