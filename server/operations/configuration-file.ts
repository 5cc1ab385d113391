/** Reads a configuration file: YAML or JSON, checked with the line of each fault, or a module that exports one. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as z from 'zod';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { StartError } from '../http.ts';
import { configuration, type Configuration, type Secret } from './configuration.ts';

/** @throws StartError with a line for each fault: `realm.yaml:7: realms[0].roles[1].name: …`. */
export async function readConfiguration(path: string): Promise<Configuration> {
  const module = ['.ts', '.js', '.mjs'].includes(extname(path));
  return module ? checked(path, await imported(path), () => null) : parsed(path, await text(path));
}

/** The text of a secret, as long as it can be found. @throws StartError saying where it was looked for. */
export async function reveal(secret: Secret): Promise<string> {
  if (typeof secret === 'string') return secret;
  if ('env' in secret) {
    const value = process.env[secret.env];
    if (value) return value;
    throw new StartError(`The environment variable ${secret.env}, which should hold a secret, is not set.`);
  }
  return (await text(secret.file)).replace(/\r?\n$/, '');
}

/** The paths of the secrets that have files of their own. */
export function secretFiles(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  const [only, ...others] = Object.entries(part);
  if (only?.[0] === 'file' && typeof only[1] === 'string' && others.length === 0) return [only[1]];
  return Object.values(part).flatMap(secretFiles);
}

function parsed(path: string, source: string): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault) throw new StartError(`${path}:${fault.linePos?.[0].line ?? 1}: ${fault.message.split('\n')[0]}`);
  return checked(path, document.toJS() as unknown, (at) => lineOf(document, lines, at));
}

function checked(path: string, value: unknown, lineAt: (at: readonly PropertyKey[]) => number | null): Configuration {
  const result = configuration.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap(plain).map((issue) => {
    const line = lineAt(issue.path);
    return `${path}${line === null ? '' : `:${line}`}: ${issue.path.length === 0 ? '' : `${keyText(issue.path)}: `}${issue.message}`;
  });
  throw new StartError(faults.join('\n'));
}

type Issue = z.core.$ZodIssue;

/** Of a value that is none of several things, and where none has been said to be right, what it lacks to the nearest. */
function plain(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
  const kinds = issue.errors.map((faults) =>
    faults.map((fault) => ({ ...fault, path: [...issue.path, ...fault.path] })).flatMap(plain),
  );
  const isOther = ({ code, path }: Issue) => code === 'invalid_type' && path.length === issue.path.length;
  const strangers = (faults: readonly Issue[]) => faults.filter(({ code }) => code === 'unrecognized_keys').length;
  const [nearest = [issue]] = kinds
    .filter((faults) => !faults.some(isOther))
    .toSorted((a, b) => strangers(a) - strangers(b) || a.length - b.length);
  return nearest;
}

/** Of the value at a path; where that is missing, of what should hold it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

const keyText = (path: readonly PropertyKey[]): string =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A query makes a changed module another one, so that reloading sees the change. */
let imports = 0;
async function imported(path: string): Promise<unknown> {
  try {
    const module: unknown = await import(`${pathToFileURL(resolve(path)).href}?n=${++imports}`);
    return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  } catch (error) {
    throw new StartError(`${path} cannot be imported: ${error instanceof Error ? error.message : String(error)}`);
  }
}
