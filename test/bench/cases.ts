/** What is measured, each on our side and on that of plain `ws`. */
import { calls } from './calls.ts';
import { builtFrame, fanOut } from './fan-out.ts';
import { moves } from './moves.ts';

export interface Figures {
  readonly operations: number;
  readonly ms: number;
  /** Of single operations, where they are measured one by one. */
  readonly latenciesMs?: readonly number[];
}

/** Each takes the URL of its server and works until enough is measured. */
export interface Case {
  ours(url: string): Promise<Figures>;
  plain(url: string): Promise<Figures>;
}

export const cases = { calls, fanOut, builtFrame, moves } satisfies Record<string, Case>;
export type CaseName = keyof typeof cases;
