/** What a page of a game loads, without Phaser: bundled and minified as its author would. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

export interface PageSize {
  /** Compressed, bytes: at once, and only when it is wanted. */
  readonly atOnce: number;
  readonly later: number;
  /** What is loaded at once by folder or package, largest first: bytes before it is minified and compressed. */
  readonly parts: readonly (readonly [name: string, bytes: number])[];
}

const top = join(import.meta.dirname, '../../..');

export async function pageSize(): Promise<PageSize> {
  const built = await build({
    root: top,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { alias: { 'realmkit/client': join(top, 'client/index.ts') } },
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: join(import.meta.dirname, 'page.ts'), external: ['phaser'] },
    },
  });
  const chunks = chunksOf(built);
  const first = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of first)
    for (const other of chunks.find((chunk) => chunk.fileName === name)!.imports) first.add(other);
  const atOnce = chunks.filter(({ fileName }) => first.has(fileName));
  const compressed = (some: readonly Rolldown.OutputChunk[]) =>
    some.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
  return {
    atOnce: compressed(atOnce),
    later: compressed(chunks.filter((chunk) => !atOnce.includes(chunk))),
    parts: partsOf(atOnce),
  };
}

/** One entry, not watched: one output. */
function chunksOf(built: Awaited<ReturnType<typeof build>>): readonly Rolldown.OutputChunk[] {
  if (!('output' in built)) throw new Error('a build of one page has one output');
  return built.output.filter((file) => file.type === 'chunk');
}

function partsOf(chunks: readonly Rolldown.OutputChunk[]): PageSize['parts'] {
  const parts = new Map<string, number>();
  for (const { modules } of chunks)
    for (const [path, { renderedLength }] of Object.entries(modules)) {
      const name = partOf(path);
      parts.set(name, (parts.get(name) ?? 0) + renderedLength);
    }
  return [...parts].filter(([, bytes]) => bytes > 0).toSorted(([, a], [, b]) => b - a);
}

const partOf = (path: string) =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.replace(`${top}/`, '').split('/').slice(0, 2).join('/');
