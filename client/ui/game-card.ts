/** A game in the lobby, and the three ways to play it. */
import type { Client } from '../client.ts';
import { messageOf } from '../message-of.ts';
import { button, element, type Look } from './element.ts';
import type { AnyScreen } from './game-screen.ts';
import { toast } from './toast.ts';

/** @param play takes one to the match. */
export function gameCard(
  screen: AnyScreen,
  { client, play }: { client: Client; play(match: string): void },
): HTMLElement {
  const { game } = screen.rules;
  const id = `game-${game.name}`;
  const variant = variantChoice(screen);
  const options = () => variant?.chosen() ?? {};
  const starter = (label: string, start: () => Promise<string>, look?: Look) =>
    button(label, () => begin(start, play), look ? { 'data-look': look } : {});
  return element(
    'li',
    { class: 'game-card', 'data-game': game.name },
    element('img', { class: 'game-cover', src: screen.cover, alt: '', width: 375, height: 150 }),
    element(
      'div',
      { class: 'game-body' },
      element('h3', { id }, screen.title),
      element('p', {}, screen.pitch),
      variant?.element,
    ),
    element(
      'div',
      { class: 'game-actions', role: 'group', 'aria-labelledby': id },
      starter('Play now', () => client.lobby.quick(game, options()), 'primary'),
      starter('Play the computer', () => client.lobby.create(game, { opponent: 'computer', options: options() })),
      starter('Invite a friend', () => client.lobby.create(game, { opponent: 'friend', options: options() })),
    ),
  );
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
