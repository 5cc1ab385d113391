/** The part of the meadow that a canvas shows. */
import { meadow, side } from '../../../protocol/games/meadow.ts';

/** In units, but for `zoom`: pixels of the canvas a unit. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
}

/** Never more than two cells of interest: a player sees one cell around its own, so all of the picture is known. */
const most = 2 * (meadow.interest?.cell ?? side);
/** CSS pixels a unit, at least: small screens show less of the meadow, not everything smaller. */
const least = 0.9;

/** @param width and height of the canvas, in its pixels. @param ratio of them to CSS pixels. */
export function windowOn(
  { x, y }: { readonly x: number; readonly y: number },
  { width, height, ratio }: { readonly width: number; readonly height: number; readonly ratio: number },
): Window {
  const zoom = Math.max(width / most, height / most, least * ratio);
  const [across, down] = [width / zoom, height / zoom];
  return { left: from(x, across), top: from(y, down), width: across, height: down, zoom };
}

const from = (at: number, length: number) => Math.min(Math.max(at - length / 2, 0), side - length);
