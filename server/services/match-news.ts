import { issuesText, t, validate, type LobbyChange } from '../../protocol/index.ts';

const text = t.str(200);
const removal = t.object({ removed: text });
const change = t.object({
  changed: t.object({
    id: text,
    game: text,
    status: t.oneOf('open', 'playing', 'over'),
    listed: t.bool(),
    seats: t.list(t.object({ player: text.nullable(), connected: t.bool() })),
    created: text,
    spectators: t.int(0),
  }),
});

/** What an authority, perhaps somebody else's program, tells of one of its matches. @throws Error naming what does not fit. */
export function matchNews(told: unknown): LobbyChange {
  const isRemoval = typeof told === 'object' && told !== null && 'removed' in told;
  const checked = isRemoval ? validate(removal, told) : validate(change, told);
  if (!checked.ok) throw new Error(`news of a match do not fit: ${issuesText(checked.issues)}`);
  return checked.value;
}
