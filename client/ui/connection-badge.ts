/** The connection in the header, always visible, and a banner across the page while it is away. */
import type { Client } from '../client.ts';
import type { Status } from '../connection/status.ts';
import { announce } from './announcer.ts';
import { button, element, part, setShown, setText } from './element.ts';
import { reloadButton } from './notice.ts';

/** Shows the connection for as long as the page lives. */
export function showConnection(client: Client): void {
  const badge = part('connection');
  const banner = connectionBanner(client);
  let wasOnline = false;
  const show = (status: Status) => {
    const { state, words } = badgeOf(status, wasOnline);
    badge.dataset['status'] = state;
    setText(badge, words);
    const hasReturned = banner.draw(status, wasOnline);
    if (hasReturned) announce('Connected again.');
    wasOnline ||= status.state === 'online';
  };
  client.onStatus(show);
  show(client.status);
}

function badgeOf({ state }: Status, wasOnline: boolean): { state: string; words: string } {
  switch (state) {
    case 'online':
      return { state: 'connected', words: 'Connected' };
    case 'closed':
      return { state: 'closed', words: 'Not connected' };
    case 'connecting':
    case 'waiting':
      return wasOnline
        ? { state: 'reconnecting', words: 'Reconnecting…' }
        : { state: 'connecting', words: 'Connecting…' };
  }
}

/** `draw` says whether the banner has just gone because all is well again. */
function connectionBanner(client: Client): { draw(status: Status, wasOnline: boolean): boolean } {
  const why = element('span');
  // Changes every second, so that it is not read aloud.
  const when = element('span', { 'aria-hidden': 'true' });
  const retry = button('Try now', () => client.retryNow());
  const reload = reloadButton();
  const banner = element(
    'div',
    { class: 'banner', role: 'alert', hidden: true },
    element('p', {}, why, ' ', when),
    retry,
    reload,
  );
  part('main').before(banner);
  let ticking: ReturnType<typeof setInterval> | undefined;

  const say = (tone: 'warning' | 'error', text: string) => {
    banner.dataset['tone'] = tone;
    setShown(banner, true);
    setShown(retry, tone === 'warning');
    setShown(reload, tone === 'error');
    setText(why, text);
  };
  return {
    draw(status, wasOnline) {
      clearInterval(ticking);
      switch (status.state) {
        case 'online':
          return setShown(banner, false);
        case 'connecting':
          // The first attempt needs no banner; a later one goes on under the one that is there.
          setText(when, 'Trying…');
          return false;
        case 'closed':
          say('error', `The connection is closed: ${status.reason}.`);
          setText(when, '');
          return false;
        case 'waiting': {
          say('warning', wasOnline ? 'The connection was lost.' : 'The server cannot be reached.');
          const count = () =>
            setText(when, `Trying again in ${Math.max(1, Math.ceil((status.retryAt - Date.now()) / 1000))} s.`);
          ticking = setInterval(count, 500);
          count();
          return false;
        }
      }
    },
  };
}
