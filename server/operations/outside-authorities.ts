import { StartError } from '../http.ts';

const example = 'NAME=TICKET, such as bulls_and_cows=… with the ticket from "openssl rand -hex 32"';
const leastCharacters = 32;

/**
 * The authorities that may come from other processes: their tickets by authid.
 * @param listed `NAME=TICKET`, more of them after spaces.
 * @throws StartError naming what is wrong, and never a ticket.
 */
export function outsideAuthorities(listed = ''): Readonly<Record<string, string>> {
  const tickets: Record<string, string> = {};
  for (const entry of listed.split(/\s+/).filter((text) => text !== '')) {
    const [name, ticket] = [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)];
    const wrong = (what: string) => new StartError(`REALMKIT_AUTHORITIES: ${what}. Wanted: ${example}.`);
    if (!entry.includes('=')) throw wrong('there is an entry without "="');
    if (!/^[a-z0-9_]+$/.test(name)) throw wrong(`"${name}" is no name: a-z, 0-9 and _ may be in it`);
    if (Object.hasOwn(tickets, name)) throw wrong(`"${name}" is there twice`);
    if (ticket.length < leastCharacters)
      throw wrong(
        `the ticket of "${name}" has ${ticket.length} characters, and at least ${leastCharacters} are needed`,
      );
    tickets[name] = ticket;
  }
  return tickets;
}
