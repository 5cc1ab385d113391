import type { Transport } from '../../protocol/index.ts';
import type { TransportFacts } from '../authentication/index.ts';

/** Where a listener hands over who has come: the hub itself, or an entrance of its own. */
export interface Reception {
  /** Takes over the router's end of a transport. */
  accept(transport: Transport, facts: TransportFacts): void;
  /** Why nobody more can connect from where a peer is, as in `TransportFacts.peer`; null: they can. */
  crowdProblem(peer: string): string | null;
}

/** One way into the hub among others: it can be closed alone. */
export interface Entrance extends Reception {
  /** Nobody comes in any more, and who came by it gets GOODBYE; resolves when they have gone, or were closed. */
  close(): Promise<void>;
}
