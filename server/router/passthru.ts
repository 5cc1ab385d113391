/** Payloads that the router does not look into, and how they are packed. WAMP "Payload Passthru Mode". */
import { ProtocolError, type Dict } from '../../protocol/index.ts';

/** The keys that say how a payload is packed, as they are in the options and details of many messages. */
interface Packed {
  readonly ppt_scheme?: string;
  readonly ppt_serializer?: string;
  readonly ppt_cipher?: string;
  readonly ppt_keyid?: string;
}

/** Without a scheme, or with an empty one, a payload is not packed, and the other keys mean nothing. */
export const isPacked = ({ ppt_scheme }: Packed): boolean => ppt_scheme !== undefined && ppt_scheme !== '';

/** What goes on with the payload to whoever receives it. */
export function passthru(options: Packed): Dict {
  if (!isPacked(options)) return {};
  const { ppt_scheme, ppt_serializer, ppt_cipher, ppt_keyid } = options;
  return {
    ...(ppt_scheme !== undefined && { ppt_scheme }),
    ...(ppt_serializer !== undefined && { ppt_serializer }),
    ...(ppt_cipher !== undefined && { ppt_cipher }),
    ...(ppt_keyid !== undefined && { ppt_keyid }),
  };
}

/** Nobody may use a feature that it did not announce. @param where the scheme was found: `call.options`. */
export function checkPassthru(where: string, options: Packed, isAnnounced: boolean): void {
  if (!isAnnounced && isPacked(options))
    throw new ProtocolError(`${where}.ppt_scheme needs payload_passthru_mode, which was not announced`);
}
