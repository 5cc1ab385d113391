/** Rules files that are followed while somebody writes them: a change swaps the rules under running matches. */
import { globSync, watch } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  hostClock,
  inDevelopment,
  worldInDevelopment,
  liveRules,
  type AnyRules,
  type AnyWorldRules,
  type Clock,
} from '../../protocol/index.ts';

export interface FollowRulesOptions {
  /** Where the files are that export the rules, and what only these import. Of other changes it hears nothing. */
  readonly folder: string;
  /** Is told what became of a change, a line each. */
  readonly log?: (line: string) => void;
  /** Called after a change: threads that think by the rules must read them anew. */
  readonly onChange?: () => void;
  readonly clock?: Clock;
}

export interface FollowedRules<R> {
  /** The same games; give these to the server. */
  readonly games: readonly R[];
  /** Reads all files again, as a change does. Never rejects: what is wrong is logged, and the rules stay as they are. */
  reload(): Promise<void>;
  close(): void;
}

/** One change makes several events: how long nothing must have happened, ms. */
const restMs = 100;

/** For developers: the rules are watched (see `inDevelopment`), and each reading stays in memory. */
export function followRules<R extends AnyRules | AnyWorldRules>(
  games: readonly R[],
  { folder, log = console.log, onChange = () => {}, clock = hostClock }: FollowRulesOptions,
): FollowedRules<R> {
  const live = new Map(games.map((rules) => [rules.game.name, liveRules(watchedRules(rules))]));
  const readings = new Readings(folder);
  const reload = async () => {
    for (const found of await readings.next(log)) {
      const { name } = found.game;
      const misfits = live.get(name)?.swap(watchedRules(found));
      if (misfits?.length === 0) log(`${name}: the new rules hold, in running matches too.`);
      for (const misfit of misfits ?? [])
        log(`${name}: the old rules hold until a restart, for matches do not fit: ${misfit}.`);
    }
    onChange();
  };
  let timer: unknown;
  const watcher = watch(folder, { recursive: true, persistent: false }, () => {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(() => void reload(), restMs);
  });
  return {
    games: [...live.values()].map(({ rules }) => rules as R), // one for one, as they were given
    reload,
    close() {
      clock.clearTimeout(timer);
      watcher.close();
      readings.close();
    },
  };
}

/** The modules of a folder, read again and again: a query makes each reading new modules, of all that they import there. */
class Readings {
  readonly #folder: string;
  readonly #hooks: { deregister(): void };
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    const inside = pathToFileURL(join(folder, '/')).href;
    this.#hooks = registerHooks({
      resolve(specifier, context, next) {
        const resolved = next(specifier, context);
        const [reading] = /\?rules=\d+$/.exec(context.parentURL ?? '') ?? [];
        const isNew = reading !== undefined && resolved.url.startsWith(inside) && !resolved.url.includes('?');
        return isNew ? { ...resolved, url: `${resolved.url}${reading}` } : resolved;
      },
    });
  }

  async next(log: (line: string) => void): Promise<readonly (AnyRules | AnyWorldRules)[]> {
    const reading = ++this.#count;
    const files = globSync('**/*.{ts,js,mjs}', { cwd: this.#folder, exclude: ['**/*.d.ts', '**/*.test.*'] });
    const found = new Set<AnyRules | AnyWorldRules>();
    for (const file of files.toSorted()) {
      try {
        const url = `${pathToFileURL(join(this.#folder, file)).href}?rules=${reading}`;
        const module: object = await import(url);
        for (const exported of Object.values(module)) if (isRules(exported)) found.add(exported);
      } catch (error) {
        log(`${file} cannot be read, so the old rules hold: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return [...found];
  }

  close(): void {
    this.#hooks.deregister();
  }
}

const watchedRules = (rules: AnyRules | AnyWorldRules) =>
  'behaviour' in rules ? inDevelopment(rules) : worldInDevelopment(rules);
const isRules = (value: unknown): value is AnyRules | AnyWorldRules =>
  typeof value === 'object' && value !== null && 'game' in value && ('behaviour' in value || 'world' in value);
