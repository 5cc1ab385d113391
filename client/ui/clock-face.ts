/** Time that runs down on the match page: what seats have left, and until when the seat of who is away is kept. */
import { timeLeft, type AnyView } from '../../protocol/index.ts';
import { announce } from './announcer.ts';
import { atEnd } from './lifetime.ts';

/** What one seat shows of it; null: nothing. */
export interface Countdown {
  readonly clock: { readonly text: string; readonly isLow: boolean } | null;
  /** `· away, 1:53 to return`, and then `· away`. */
  readonly held: string | null;
}

/** Below this the clock shows tenths, and looks urgent, ms. */
const lowMs = 20_000;
/** When a player who does not see the clock is told, ms. */
const warnings = [
  { ms: 60_000, words: 'One minute left.' },
  { ms: 10_000, words: 'Ten seconds left.' },
];
const tickMs = 100;

/** `1:05:00`, `4:59`, `0:09.3`: rounded up, so that it shows zero only when the time is up. */
export function clockText(ms: number): string {
  if (ms < lowMs) {
    const tenths = Math.ceil(ms / 100);
    return `0:${pad(Math.floor(tenths / 10))}.${tenths % 10}`;
  }
  return wholeText(ms);
}

function wholeText(ms: number): string {
  const all = Math.ceil(ms / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds)}` : `${minutes}:${pad(seconds)}`;
}
const pad = (value: number) => String(value).padStart(2, '0');

/** @param now match time, ms. */
export function countdownOf(view: AnyView, seat: number, now: number): Countdown {
  const clock = view.clocks?.[seat];
  const left = clock && timeLeft(clock, now);
  const { heldUntil } = view.seats[seat] ?? {};
  const heldMs = heldUntil === undefined ? 0 : Math.max(0, heldUntil - now);
  return {
    clock: left === undefined ? null : { text: clockText(left), isLow: left < lowMs && view.result === null },
    held:
      heldUntil === undefined || view.result ? null : `· away${heldMs > 0 ? `, ${wholeText(heldMs)} to return` : ''}`,
  };
}

/** Draws again and again while something runs down, and warns who plays. */
export function tick(
  match: { readonly view: AnyView; readonly seat: number | null; readonly now: number },
  draw: () => void,
  signal: AbortSignal,
): void {
  let before = Infinity;
  const timer = setInterval(() => {
    draw();
    const own = match.seat === null ? undefined : match.view.clocks?.[match.seat];
    if (!own || own.runningSince === null) return;
    const left = timeLeft(own, match.now);
    const due = warnings.find(({ ms }) => before > ms && left <= ms);
    before = left;
    if (due) announce(due.words);
  }, tickMs);
  atEnd(signal, () => clearInterval(timer));
}
