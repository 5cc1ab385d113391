/** The matches that this browser sat down in, so that the lobby can offer the way back. The newest first. */
import type { MatchSummary } from '../../protocol/index.ts';
import type { Client } from '../client.ts';
import { JoinError } from '../match/join-error.ts';

const key = 'realmkit.own-matches';
/** As many as the lobby lets a player have. */
const most = 8;

export function rememberMatch(id: string): void {
  write([id, ...read().filter((other) => other !== id)].slice(0, most));
}

export function forgetMatch(id: string): void {
  write(read().filter((other) => other !== id));
}

/** Those that are not over. What is over or gone is forgotten. */
export async function unfinishedMatches(client: Client): Promise<readonly MatchSummary[]> {
  const found = await Promise.all(read().map((id) => find(client, id)));
  return found.filter((match) => match !== null);
}

async function find(client: Client, id: string): Promise<MatchSummary | null> {
  try {
    const match = await client.lobby.find(id);
    if (match.status !== 'over') return match;
  } catch (error) {
    if (!(error instanceof JoinError) || error.code !== 'no_such_match') return null;
  }
  forgetMatch(id);
  return null;
}

function read(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function write(ids: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(ids));
  } catch {
    // A full or forbidden store: the lobby offers no way back, the address still does.
  }
}
