import type { Dict, MatchPolicy, Message, Uri } from '../../protocol/index.ts';
import { admission, audienceOf, type Audience } from './audience.ts';
import type { Content } from './effects.ts';
import { publisherIdentity } from './identity.ts';
import { isPacked, passthru } from './passthru.ts';
import type { Session } from './session.ts';

/** What the publisher's permission says of its publications. */
export interface Terms {
  /** Receivers learn who published. */
  readonly disclose: boolean;
  readonly trustlevel?: number | undefined;
}

/** A publication as it goes to its subscribers, now, retained, or from history. */
export interface Publication {
  readonly id: number;
  readonly topic: Uri;
  /** What every EVENT of it says, whatever the subscription. */
  readonly details: Dict;
  readonly content: Content;
  /** null: everybody. */
  readonly audience: Audience | null;
  readonly rkey: string | undefined;
  /** The only sessions that may receive it; null: others may, too. */
  readonly named: ReadonlySet<number> | null;
  /** What else must hold of a receiver; null: nothing. */
  readonly admits: ((session: Session) => boolean) | null;
  /** While it is news, it may be left out for whoever reads slowly. */
  readonly droppable: boolean;
}

export function publicationOf(
  id: number,
  publisher: Session,
  { topic, options }: Message<'publish'>,
  content: Content,
  { disclose, trustlevel }: Terms,
): Publication {
  const audience = audienceOf(options);
  const details = {
    ...(disclose && publisherIdentity(publisher, options)),
    ...(trustlevel !== undefined && { trustlevel }),
    ...(options.transaction_hash !== undefined && { transaction_hash: options.transaction_hash }),
    ...passthru(options),
  };
  const listed = audience && admission(audience);
  const admits = isPacked(options) ? understands(listed) : listed;
  const { rkey, x_droppable: droppable = false } = options;
  const named = audience?.eligible ? new Set(audience.eligible) : null;
  return { id, topic, details, content, audience, rkey, named, admits, droppable };
}

/** Whether a session may receive it, whenever that is. */
export const isFor = ({ named, admits }: Publication, session: Session): boolean =>
  (!named || named.has(session.id)) && (!admits || admits(session));

/** What every EVENT of a publication says by one subscription. Patterns are told the topic. */
export const detailsFor = ({ details, topic }: Publication, match: MatchPolicy): Dict =>
  match === 'exact' ? details : { ...details, topic };

export const eventOf = (
  { id: publication, content: { args, kwargs, payload } }: Publication,
  subscription: number,
  details: Dict,
): Message<'event'> => ({ type: 'event', subscription, publication, details, args, kwargs, payload });

/** A subscriber that did not announce the mode could not tell such a payload from an ordinary one. */
const understands =
  (listed: ((session: Session) => boolean) | null) =>
  (session: Session): boolean =>
    session.subscriber.passthru && (!listed || listed(session));
