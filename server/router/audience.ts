/** Who may receive an event. WAMP "Subscriber Black- and Whitelisting". */
import type { Message } from '../../protocol/index.ts';
import type { Session } from './session.ts';

/** Each list of PUBLISH: whether it lets in or keeps out, and what of a session it names. */
const lists = [
  ['eligible', true, ({ id }: Session) => id],
  ['eligible_authid', true, ({ authid }: Session) => authid],
  ['eligible_authrole', true, ({ authrole }: Session) => authrole],
  ['exclude', false, ({ id }: Session) => id],
  ['exclude_authid', false, ({ authid }: Session) => authid],
  ['exclude_authrole', false, ({ authrole }: Session) => authrole],
] as const;

/** The lists of one publication. One that is there but empty lets nobody in, or keeps nobody out. */
export type Audience = {
  readonly [list in (typeof lists)[number][0]]?: readonly (list extends 'eligible' | 'exclude' ? number : string)[];
};

/** null: everybody. Equal lists make equal audiences, also as JSON. */
export function audienceOf(options: Message<'publish'>['options']): Audience | null {
  let audience: Record<string, readonly (number | string)[]> | null = null;
  for (const [name] of lists) {
    const list = options[name];
    if (list !== undefined) (audience ??= {})[name] = list;
  }
  return audience;
}

/** What must hold of a session in the audience besides being named in `eligible`; null: nothing. */
export function admission(audience: Audience): ((session: Session) => boolean) | null {
  const conditions = lists.flatMap(([name, allow, of]) => {
    const list = audience[name];
    if (list === undefined || name === 'eligible') return [];
    const listed = new Set<number | string>(list);
    return (session: Session) => listed.has(of(session)) === allow;
  });
  return conditions.length === 0 ? null : (session) => conditions.every((holds) => holds(session));
}

/** Whether it names sessions, which means nothing to those of another time. */
export const namesSessions = ({ eligible, exclude }: Audience): boolean =>
  eligible !== undefined || exclude !== undefined;
