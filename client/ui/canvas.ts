/** The game's scene on a canvas as sharp as the screen. The one file that starts Phaser. */
import * as Phaser from 'phaser';
import type { Client } from '../client.ts';
import { RealmkitPlugin } from '../phaser/plugin.ts';
import { atEnd } from './lifetime.ts';
import type { Settings } from './settings.ts';

export interface Canvas {
  /** Null until Phaser has chosen. */
  readonly renderer: 'webgl' | 'canvas' | null;
}

/** Phaser refuses a plugin whose key a game before still has, and that one goes only with its next frame. */
let games = 0;

/** @param parent in the page; the canvas fills it. @param signal ends the game. */
export function startCanvas({
  parent,
  scene,
  client,
  renderer,
  signal,
}: {
  readonly parent: HTMLElement;
  readonly scene: Phaser.Scene;
  readonly client: Client;
  readonly renderer: Settings['renderer'];
  readonly signal: AbortSignal;
}): Canvas {
  // Scenes count in pixels of the screen and lay themselves out anew on the scale's `resize`; the browser shrinks the canvas.
  const pixels = (length: number) => Math.max(8, Math.round(length * devicePixelRatio));
  const size = () => [pixels(parent.clientWidth), pixels(parent.clientHeight)] as const;
  const [width, height] = size();
  const game = new Phaser.Game({
    type: renderer === 'canvas' ? Phaser.CANVAS : Phaser.AUTO,
    transparent: true,
    // With more, Phaser's shader tells textures apart by a number that is interpolated: where that is not exact, what is turned has holes.
    render: { maxTextures: 1 },
    parent,
    scene,
    scale: { mode: Phaser.Scale.NONE, width, height, zoom: 1 / devicePixelRatio, expandParent: false },
    plugins: {
      global: [{ key: `realmkit ${++games}`, plugin: RealmkitPlugin, start: true, mapping: 'realmkit', data: client }],
    },
    input: { keyboard: false, gamepad: false, mouse: { preventDefaultWheel: false } },
    audio: { noAudio: true },
    autoFocus: false,
    banner: false,
  });
  // The mirror says all of it in words.
  parent.setAttribute('aria-hidden', 'true');

  const observer = new ResizeObserver(() => {
    const [across, down] = size();
    if (!game.isBooted || (game.scale.width === across && game.scale.height === down)) return;
    game.scale.resize(across, down);
    game.scale.setZoom(1 / devicePixelRatio); // last: at zoom 1 `resize` leaves the style as it was
  });
  observer.observe(parent);
  atEnd(signal, () => {
    observer.disconnect();
    game.destroy(true);
  });
  return {
    get renderer() {
      if (!game.isBooted) return null;
      return game.renderer.type === Phaser.CANVAS ? 'canvas' : 'webgl';
    },
  };
}
