/** What a world adds to the page: its scene, its words, and what keys and fingers mean. */
import type { Scene } from 'phaser';
import type { WorldRules, WorldTypes } from '../../protocol/index.ts';
import type { WorldMatch } from '../world/world-match.ts';
import type { Direction } from './direction.ts';
import type { AnyScreen } from './game-screen.ts';

/** The page, as a world sees it. */
export interface Ground<W extends WorldTypes> {
  readonly match: WorldMatch<W>;
  /** Whether nothing should move on its own (prefers-reduced-motion). */
  readonly still: boolean;
  /** Tells the player what has happened; `read` it aloud only, where the canvas shows it. */
  say(text: string, how?: { readonly read: true }): void;
  /** What others are called. */
  nameOf(player: string): string;
}

export interface Score {
  readonly player: string;
  readonly score: number;
  /** A CSS colour that stands for the player. */
  readonly color: string;
}

/** A point of the canvas, from its top left corner: 0 to 1. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** What the player does, and how things stand: shared by canvas, keyboard and screen reader. */
export interface WorldControl {
  /** From now on, until something else is said. */
  steer(direction: Direction): void;
  /** What the world's one action does. @param at where a mouse has pointed; null: where it makes sense. */
  act(at: Spot | null): void;
  /** Whether the action can be done now. */
  readonly canAct: boolean;
  /** Best first. */
  readonly scores: readonly Score[];
  /** One short line that is always in sight. */
  readonly status: string;
  /** Where one is and what is near, in words. */
  readonly surroundings: string;
  dispose(): void;
}

export interface WorldScreen<W extends WorldTypes, C extends WorldControl = WorldControl> {
  readonly title: string;
  /** One sentence for the lobby. */
  readonly pitch: string;
  readonly cover: string;
  readonly icon: string;
  readonly rules: WorldRules<W>;
  /** What the action is called. */
  readonly action: string;
  control(ground: Ground<W>): C;
  /** Draws the match's `frame()` in every picture; decides nothing. */
  scene(ground: Ground<W>, control: C): Scene;
}

/** A screen whose world the compiler does not know. */
export type AnyWorldScreen = WorldScreen<WorldTypes>;

/** The games and worlds of a page by their names, in the order of the lobby. */
export type Screens = ReadonlyMap<string, AnyScreen | AnyWorldScreen>;

export const isWorld = (screen: AnyScreen | AnyWorldScreen): screen is AnyWorldScreen => 'world' in screen.rules;
