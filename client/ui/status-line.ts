/** The line that always says whose turn it is; a live region. A refusal stands there until something happens. */
import { element, setAttributes, setText } from './element.ts';

export interface StatusLine {
  readonly element: HTMLElement;
  /** @param version what is refused stands until the match has another. */
  draw(text: string, version: number): void;
  refuse(text: string, version: number): void;
}

export function statusLine(): StatusLine {
  const line = element('p', { class: 'status', role: 'status' });
  let refusedAt: number | null = null;
  const write = (text: string, tone: '' | 'error') => {
    setAttributes(line, { 'data-tone': tone });
    setText(line, text);
  };
  return {
    element: line,
    draw(text, version) {
      if (version === refusedAt) return;
      refusedAt = null;
      write(text, '');
    },
    refuse(text, version) {
      refusedAt = version;
      write(text, 'error');
    },
  };
}
