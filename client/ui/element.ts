/** Builds DOM elements: `element('p', { class: 'toast' }, 'Link copied')`. Text is text: nothing here parses HTML. */

/** `true` sets an empty attribute; `false`, null and undefined set none. */
export type Attributes = { readonly [name: string]: string | number | boolean | null | undefined };
export type Child = Node | string | null | undefined | false;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...present(children));
  return made;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : String(value));
  }
}

export type Look = 'primary' | 'danger';

/** @param press while its promise is open the button is busy, and pressing it again does nothing. It must not reject. */
export function button(
  label: string,
  press: () => unknown,
  attributes: Attributes & { readonly 'data-look'?: Look } = {},
): HTMLButtonElement {
  const made = element('button', { class: 'button', type: 'button', ...attributes }, label);
  made.addEventListener('click', () => {
    if (made.ariaBusy === 'true') return;
    const done = press();
    if (!(done instanceof Promise)) return;
    made.ariaBusy = 'true';
    void done.finally(() => (made.ariaBusy = null));
  });
  return made;
}

/** Writes only what is new, so that live regions speak once and nothing flickers. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Whether an element shows; says whether that has changed. */
export function setShown(target: HTMLElement, shown: boolean): boolean {
  if (target.hidden !== shown) return false;
  if (!shown) handFocusOn(target);
  target.hidden = !shown;
  return true;
}

/** Call it before an element goes: keyboards and screen readers that stand in it go on in <main>. */
export function handFocusOn(going: Element): void {
  if (going.contains(document.activeElement)) part('main').focus({ preventScroll: true });
}

/** A part of the page that is there from the start (index.html). @throws Error when it is not. */
export function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

const present = (children: readonly Child[]): (Node | string)[] =>
  children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false);
