/** Who sits at one edge of the board: name, side, what has been captured, whose turn it is. */
import type { GameTypes, View } from '../../protocol/index.ts';
import type { Countdown } from './clock-face.ts';
import { element, setAttributes, setShown, setText } from './element.ts';
import type { AnyScreen } from './game-screen.ts';
import { isComputer, nameBeside } from './names.ts';

/** A seat as its panel shows it. */
export interface SeatLook {
  readonly side: string;
  readonly mark: string;
  readonly name: string;
  /** `away, seat is kept`; empty when there is nothing to say. */
  readonly note: string;
  readonly connected: boolean;
  /** Words of the badge; null while it is not this seat's turn. */
  readonly turn: string | null;
  readonly captured: ReturnType<NonNullable<AnyScreen['captured']>> | null;
}

export interface SeatPanel {
  readonly element: HTMLElement;
  draw(look: SeatLook): void;
  /** What runs down: written into what is there. */
  tick(countdown: Countdown): void;
}

export function seatPanel(place: 'far' | 'near'): SeatPanel {
  const panel = element('section', { class: 'seat', 'data-place': place });
  const clock = element('p', { class: 'seat-clock', role: 'timer', hidden: true });
  const held = element('span', { class: 'seat-held', hidden: true });
  let drawn = '';
  return {
    element: panel,
    draw(look) {
      const text = JSON.stringify(look);
      if (text === drawn) return;
      drawn = text;
      const { side, mark, name, note, connected, turn, captured } = look;
      setAttributes(panel, {
        'data-turn': String(turn !== null),
        'data-connected': String(connected),
        'aria-label': `${side}: ${name}`,
      });
      panel.replaceChildren(
        element('img', { class: 'seat-mark', src: mark, alt: '', width: 36, height: 36 }),
        element(
          'div',
          {},
          element('p', { class: 'seat-name' }, element('span', {}, name)),
          element(
            'div',
            { class: 'seat-about' },
            element('span', {}, note === '' ? side : `${side} · ${note}`),
            held,
            captured && capturedRow(captured),
          ),
        ),
        element('div', { class: 'seat-end' }, turn !== null && element('p', { class: 'seat-turn' }, turn), clock),
      );
      setAttributes(clock, { 'aria-label': `Time of ${side}` });
    },
    tick({ clock: face, held: words }) {
      setShown(clock, face !== null);
      setText(clock, face?.text ?? '');
      setAttributes(clock, { 'data-low': face?.isLow === true });
      setShown(held, words !== null);
      setText(held, words ?? '');
    },
  };
}

/** @param me one's own authid. */
export function seatLook(screen: AnyScreen, view: View<GameTypes>, seat: number, me: string | null): SeatLook {
  const { player = null, connected = false } = view.seats[seat] ?? {};
  const { name: side = `Seat ${seat + 1}`, mark = screen.icon } = screen.seats[seat] ?? {};
  const isAway = player !== null && !connected;
  return {
    side,
    mark,
    name: nameBeside(player, me),
    note: isAway && view.result ? 'away' : '', // during the match `tick` says how long
    connected,
    turn: view.toAct.includes(seat) ? turnWords(player, me) : null,
    captured: screen.captured?.(view, seat) ?? null,
  };
}

function turnWords(player: string | null, me: string | null): string {
  if (player === me) return 'Your turn';
  return isComputer(player) ? 'Thinking…' : 'To move';
}

function capturedRow({ images, label, lead }: NonNullable<SeatLook['captured']>): HTMLElement | null {
  if (images.length === 0) return null;
  const pictures = images.map((src) => element('img', { src, alt: '' }));
  return element(
    'span',
    { class: 'captured', role: 'img', 'aria-label': label },
    ...pictures,
    lead > 0 && element('b', {}, `+${lead}`),
  );
}
