/** Keys, mouse and fingers on a world: WASD and arrows steer, Space acts; a drag is a stick, a click of the mouse acts there. */
import { directionOfDrag, directionOfKeys, isDirectionKey, nowhere } from './direction.ts';
import { button, element, setShown } from './element.ts';
import { atEnd } from './lifetime.ts';
import type { WorldControl } from './world-screen.ts';

/** Pixels: how far a finger is dragged for full speed. */
const reach = 56;

/**
 * @param ground where fingers and the mouse are; keys count wherever nothing else has a use for them. @param look says where
 * one is.
 * @returns the stick, to be put over the ground.
 */
export function worldInput({
  ground,
  control,
  look,
  signal,
}: {
  readonly ground: HTMLElement;
  readonly control: WorldControl;
  readonly look: () => void;
  readonly signal: AbortSignal;
}): HTMLElement {
  keys(ground, { control, look, signal });
  return fingers(ground, control);
}

function keys(
  ground: HTMLElement,
  { control, look, signal }: { control: WorldControl; look: () => void; signal: AbortSignal },
): void {
  const held = new Set<string>();
  const steer = () => control.steer(directionOfKeys(held));
  const release = () => {
    held.clear();
    steer();
  };
  const pressed = (event: KeyboardEvent) => {
    const { code, target, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey || !isFree(code, target)) return;
    if (isDirectionKey(code)) held.add(code);
    else if (code !== 'Space' && code !== 'KeyL') return;
    event.preventDefault(); // the page does not scroll meanwhile
    ground.dataset['keys'] = '';
    if (event.repeat) return;
    if (code === 'Space') control.act(null);
    else if (code === 'KeyL') look();
    else steer();
  };
  const released = ({ code }: KeyboardEvent) => void (held.delete(code) && steer());
  ground.addEventListener('focusout', () => delete ground.dataset['keys']);
  addEventListener('keydown', pressed);
  addEventListener('keyup', released);
  addEventListener('blur', release);
  atEnd(signal, () => {
    removeEventListener('keydown', pressed);
    removeEventListener('keyup', released);
    removeEventListener('blur', release);
  });
}

/** Whether a key that is pressed there is meant for the world: fields and dialogs need all keys, buttons and links Space. */
const isFree = (code: string, target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(code === 'Space' ? 'input, dialog, button, a' : 'input, dialog') === null;

/** The button of the action. A second finger makes no click while the first one steers, so touching it is enough. */
export function actionButton(label: string, control: WorldControl): HTMLButtonElement {
  let isTouched = false;
  const act = () => isTouched || control.act(null);
  const made = button(label, act, { class: 'button world-act', 'data-look': 'primary' });
  made.addEventListener('pointerdown', ({ pointerType }) => {
    isTouched = pointerType !== 'mouse';
    if (isTouched) control.act(null);
  });
  made.addEventListener('keydown', () => (isTouched = false));
  return made;
}

function fingers(ground: HTMLElement, control: WorldControl): HTMLElement {
  const knob = element('div', { class: 'stick-knob' });
  const stick = element('div', { class: 'stick', hidden: true, 'aria-hidden': 'true' }, knob);
  let held: { readonly id: number; readonly x: number; readonly y: number } | null = null;
  const spot = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = ground.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };
  const end = ({ pointerId }: PointerEvent) => {
    if (pointerId !== held?.id) return;
    held = null;
    control.steer(nowhere);
    setShown(stick, false);
  };
  ground.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse') return void (event.button === 0 && control.act(spot(event)));
    if (held) return;
    const { left, top } = ground.getBoundingClientRect();
    held = { id: event.pointerId, x: event.clientX, y: event.clientY };
    ground.setPointerCapture(event.pointerId);
    stick.style.translate = `${event.clientX - left}px ${event.clientY - top}px`;
    knob.style.translate = '0 0';
    setShown(stick, true);
  });
  ground.addEventListener('pointermove', (event) => {
    if (event.pointerId !== held?.id) return;
    const direction = directionOfDrag({ x: event.clientX - held.x, y: event.clientY - held.y }, reach);
    knob.style.translate = `${direction.x * reach}px ${direction.y * reach}px`;
    control.steer(direction);
  });
  ground.addEventListener('pointerup', end);
  ground.addEventListener('pointercancel', end);
  return stick;
}
