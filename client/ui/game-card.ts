/** A game in the lobby, and the ways to play it. */
import type { MatchSummary } from '../../protocol/index.ts';
import type { Client } from '../client.ts';
import type { Hosted, HostedTypes } from '../lobby.ts';
import { messageOf } from '../message-of.ts';
import { button, element, setText, type Look } from './element.ts';
import type { AnyScreen } from './game-screen.ts';
import { peopleIn, presentWords } from './presence.ts';
import { toast } from './toast.ts';
import { isWorld, type AnyWorldScreen } from './world-screen.ts';

export interface GameCard {
  readonly element: HTMLElement;
  /** @param matches those that everybody may see. */
  draw(matches: readonly MatchSummary[]): void;
}

/** @param play takes one to the match. */
export function gameCard(
  screen: AnyScreen | AnyWorldScreen,
  { client, play }: { client: Client; play(match: string): void },
): GameCard {
  const game: Hosted<HostedTypes> = screen.rules.game;
  const id = `game-${game.name}`;
  const variant = isWorld(screen) ? null : variantChoice(screen);
  const options = () => variant?.chosen() ?? {};
  const starter = (label: string, start: () => Promise<string>, look?: Look) =>
    button(label, () => begin(start, play), look ? { 'data-look': look } : {});
  const quick = () => client.lobby.quick(game, options());
  const invite = () => client.lobby.create(game, { opponent: 'friend', options: options() });
  const here = element('p', { class: 'game-here' });
  const card = element(
    'li',
    { class: 'game-card', 'data-game': game.name },
    element('img', { class: 'game-cover', src: screen.cover, alt: '', width: 375, height: 150 }),
    element(
      'div',
      { class: 'game-body' },
      element('h3', { id }, screen.title),
      element('p', {}, screen.pitch),
      here,
      variant?.element,
    ),
    element(
      'div',
      { class: 'game-actions', role: 'group', 'aria-labelledby': id },
      ...(isWorld(screen)
        ? [starter('Enter', quick, 'primary'), starter('With friends only', invite)]
        : [
            starter('Play now', quick, 'primary'),
            starter('Play the computer', () => client.lobby.create(game, { opponent: 'computer', options: options() })),
            starter('Invite a friend', invite),
          ]),
    ),
  );
  return {
    element: card,
    draw(matches) {
      if (!isWorld(screen)) return;
      const count = matches
        .filter((match) => match.game === game.name)
        .reduce((sum, match) => sum + peopleIn(match), 0);
      setText(here, presentWords(count));
    },
  };
}

/** How to play it, where there is a choice: it holds for all three ways. */
function variantChoice({ title, variants = [] }: AnyScreen) {
  if (variants.length === 0) return null;
  const choice = element(
    'select',
    { class: 'game-variant', 'aria-label': `Time for ${title}` },
    ...variants.map(({ label }) => element('option', {}, label)),
  );
  return { element: choice, chosen: () => variants[choice.selectedIndex]?.options };
}

async function begin(start: () => Promise<string>, play: (match: string) => void): Promise<void> {
  try {
    play(await start());
  } catch (error) {
    toast(messageOf(error), { tone: 'error' });
  }
}
