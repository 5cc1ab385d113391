/** Which TLS connection a proof is for, where a peer wants to say. RFC 5929, RFC 9266. */
import { CallError, errors } from '../../protocol/index.ts';
import type { Hello } from '../router/index.ts';
import { sha256 } from './secrets.ts';
import { channelBindingTypes, type ChannelBindingType, type TransportFacts } from './transport-facts.ts';

export interface ChannelBinding {
  readonly type: ChannelBindingType;
  readonly data: Uint8Array;
}

/**
 * What HELLO asks for; null: nothing.
 * @throws CallError where this transport does not have it: to go on without would be what an attacker wants.
 */
export function channelBindingOf({ authextra }: Hello, facts: TransportFacts): ChannelBinding | null {
  const wanted = authextra['channel_binding'];
  if (wanted === undefined || wanted === null) return null;
  const type = channelBindingTypes.find((known) => known === wanted);
  const data = type && facts.channelBinding?.(type);
  if (data) return { type, data };
  throw new CallError(errors.authenticationDenied, [`channel binding ${JSON.stringify(wanted)} is not to be had here`]);
}

/** The 32 bytes that cryptosign mixes into its challenge. Of the shorter message of tls-unique all implementations take the hash. */
export const channelId = ({ type, data }: ChannelBinding): Uint8Array => (type === 'tls-unique' ? sha256(data) : data);
