/** The meadow on the world page. */
import { meadowRules } from '../../../protocol/games/meadow.ts';
import type { WorldScreen } from '../../ui/world-screen.ts';
import { MeadowControl } from './control.ts';
import { MeadowScene } from './scene.ts';
import type { Meadow } from './words.ts';

export const meadowScreen: WorldScreen<Meadow, MeadowControl> = {
  title: 'Meadow',
  pitch: 'Gather what grows, carry it to the stump, and toss a cone at who carries too much.',
  cover: './meadow/cover.svg',
  icon: './meadow/icon.svg',
  rules: meadowRules,
  action: 'Toss a cone',
  control: (ground) => new MeadowControl(ground),
  scene: (ground, control) => new MeadowScene(ground, control),
};
