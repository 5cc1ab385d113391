import { matches, type MatchPolicy, type Uri } from '../../protocol/index.ts';
import { isEmpty, kept as heldLong } from './effects.ts';
import { isFor, type Publication } from './publication.ts';
import type { Session } from './session.ts';

/** How much is retained; the oldest goes first. */
export const defaultRetention = {
  /** Topics of a realm. */
  topics: 10_000,
  /** Events of one topic for different audiences. */
  audiences: 64,
};
export type RetentionConfig = Partial<typeof defaultRetention>;

/**
 * The last event of each topic, for those who subscribe later: of each audience the last one, so that whoever may not
 * see the newest still gets the newest that it may see. Kept until replaced or cleared. WAMP "Event Retention".
 */
export class Retention {
  /** By topic, then by audience; each in the order in which they were retained. */
  readonly #topics = new Map<Uri, Map<string, Publication>>();
  #most: Required<RetentionConfig> = defaultRetention;

  constructor(config: RetentionConfig | undefined) {
    this.reconfigure(config);
  }

  /** From now on so much is retained. */
  reconfigure(config: RetentionConfig = {}): void {
    this.#most = { ...defaultRetention, ...config };
    for (const kept of this.#topics.values()) this.#trim(kept);
    while (this.#topics.size > this.#most.topics) this.#forgetOldest();
  }

  /** One that is for everybody takes the place of all; one without payload clears, for its audience. */
  keep(publication: Publication): void {
    const { topic, audience, content } = publication;
    const kept = (audience && this.#topics.get(topic)) ?? new Map<string, Publication>();
    const key = audience ? JSON.stringify(audience) : '';
    kept.delete(key);
    if (!isEmpty(content)) kept.set(key, { ...publication, content: heldLong(content) });
    this.#trim(kept);
    this.#topics.delete(topic);
    if (kept.size > 0) this.#topics.set(topic, kept);
    if (this.#topics.size > this.#most.topics) this.#forgetOldest();
  }

  /** One for everybody is what others fall back to, so it goes last. */
  #trim(kept: Map<string, Publication>): void {
    while (kept.size > this.#most.audiences) kept.delete([...kept.keys()].find((oldest) => oldest !== '') ?? '');
  }

  #forgetOldest(): void {
    this.#topics.delete(this.#topics.keys().next().value!);
  }

  /** For a new subscriber: of every topic that its subscription matches, the newest event that it may see. */
  newest(uri: Uri, match: MatchPolicy, session: Session): Publication[] {
    if (match === 'exact') return newestFor(session, this.#topics.get(uri));
    return [...this.#topics].flatMap(([topic, kept]) => (matches(uri, match, topic) ? newestFor(session, kept) : []));
  }
}

function newestFor(session: Session, kept: ReadonlyMap<string, Publication> | undefined): Publication[] {
  const newest = [...(kept?.values() ?? [])].findLast((publication) => isFor(publication, session));
  return newest ? [newest] : [];
}
