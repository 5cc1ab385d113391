/** What a game adds to the match page: its scene, its keyboard and screen-reader mirror, its words and pictures. */
import type { Scene } from 'phaser';
import type { GameTypes, MoveCall, Rules, View } from '../../protocol/index.ts';
import type { PredictedMatch } from '../match/match.ts';

/** The page, as a game sees it. */
export interface Table<G extends GameTypes> {
  readonly match: PredictedMatch<G>;
  /** The seat at the near edge of the board: one's own, a spectator's choice, or the other one after a flip. */
  readonly perspective: G['seat'];
  /** Whether nothing should move on its own (prefers-reduced-motion). */
  readonly still: boolean;
  /** Makes a move. The page shows why it was refused, if it was. */
  play(move: MoveCall<G>): Promise<boolean>;
  /** Lets the player choose one of a few things in a dialog; null: cancelled. */
  ask<T extends string>(question: Question<T>): Promise<T | null>;
  /** Called when the perspective changes. */
  onFlip(listener: () => void): () => void;
}
export interface Question<T extends string> {
  readonly title: string;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly image: string }[];
}

/** A place on the board that can be pressed: by mouse and touch on the canvas, by keyboard on the mirror. */
export interface Cell {
  readonly id: string;
  /** For screen readers: `e4, white pawn, can move`. */
  readonly label: string;
  /** Whether pressing it does something now. */
  readonly active: boolean;
  readonly selected: boolean;
}
/** The board in words, row by row as it is drawn from the present perspective. */
export interface Mirror {
  readonly label: string;
  readonly rows: readonly (readonly Cell[])[];
  /** The part of the canvas, from its top, that belongs to no cell: 0 to 1. */
  readonly top: number;
  /** The same from its left, and from its right. 0 if not said. */
  readonly side?: number;
}

/** What the player is doing with the board, shared by canvas and mirror: what is selected, and what a press means. */
export interface BoardControl {
  readonly mirror: Mirror;
  press(cell: string): void;
  /** The mirror tells which of its cells has the focus, null for none: a game may show there what a press would do. */
  focus?(cell: string | null): void;
  /** Called when `mirror` has changed: by a press, a new view or a flip. */
  onChange(listener: () => void): () => void;
  /** Stops listening to match and table. */
  dispose(): void;
}

/** What the rules refuse, in words for the player: by code, all of them. */
export type Refusals<G extends GameTypes> = {
  readonly [K in keyof G['errorViews']]: string | ((details: G['errorViews'][K]) => string);
};

export interface GameScreen<G extends GameTypes, C extends BoardControl = BoardControl> {
  readonly title: string;
  /** One sentence for the lobby. */
  readonly pitch: string;
  readonly cover: string;
  readonly icon: string;
  readonly rules: Rules<G>;
  /** Ways to play it, to choose from in the lobby; the first is chosen at first. */
  readonly variants?: readonly { readonly label: string; readonly options: G['optionsInput'] }[];
  /** By seat: `White`, and the picture that stands for it. */
  readonly seats: readonly { readonly name: string; readonly mark: string }[];
  /** Whether the board can be seen from either side, and so be flipped. */
  readonly flips?: boolean;
  control(table: Table<G>): C;
  /** Draws the match as its view is; asks for moves through the control; decides nothing. */
  scene(table: Table<G>, control: C): Scene;
  /** What happened last, for the status line and the live region: `Black played Bg7, check.` Empty before the first move. */
  narrate(view: View<G>): string;
  /** Why a match has ended, by the result's reason, in words that follow `You won`: `by checkmate`. */
  readonly reasons: { readonly [reason: string]: string };
  readonly refusals: Refusals<G>;
  /** Sides in the order of their seats: what each has captured. */
  captured?(
    view: View<G>,
    seat: G['seat'],
  ): { readonly images: readonly string[]; readonly label: string; readonly lead: number };
  /** The moves so far, in the game's notation. */
  notation?(view: View<G>): readonly string[];
}

/** A screen whose game the compiler does not know. */
export type AnyScreen = GameScreen<GameTypes>;
