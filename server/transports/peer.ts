import type { Dict, Transport, Uri } from '../../protocol/index.ts';
import type { TransportFacts } from '../authentication/index.ts';
import type { Receiver } from './delivery.ts';
import type { Entrance } from './entrance.ts';
import type { Intake } from './intake.ts';
import type { TrustedPrincipal } from './trusted-principal.ts';

/** The other end of a transport, as the hub knows it. */
export interface Peer extends Receiver {
  readonly facts: TransportFacts;
  readonly trusted: TrustedPrincipal | undefined;
  /** Of those from outside. */
  readonly visitor: { readonly address: string | null; readonly intake: Intake } | undefined;
  /** undefined: by the hub itself. */
  readonly entrance: Entrance | undefined;
  /** Where it asked to join. */
  realm: string;
  /** What WELCOME told it. */
  authextra?: Dict | undefined;
  /** Its transport has closed. */
  readonly gone: Promise<void>;
}

/** Ends a transport that nobody has taken over. */
export function turnAway(transport: Transport, reason: Uri, message: string): void {
  transport.onClose(() => {}); // it is none of ours
  dismiss(transport, reason, message);
}

/** Says why, and ends it. */
export function dismiss(transport: Transport, reason: Uri, message: string): void {
  transport.send({ type: 'abort', details: { message }, reason });
  transport.close();
}
