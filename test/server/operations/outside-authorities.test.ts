import { describe, expect, it } from 'vitest';
import { outsideAuthorities } from '../../../server/operations/outside-authorities.ts';

const ticket = 'a'.repeat(32);

describe('REALMKIT_AUTHORITIES', () => {
  it('has a name and a ticket for each authority, and may be missing', () => {
    expect(outsideAuthorities(` nim=${ticket}\n go=${ticket}== `)).toEqual({ nim: ticket, go: `${ticket}==` });
    expect(outsideAuthorities(undefined)).toEqual({});
  });

  it.each([
    [ticket, 'there is an entry without "="'],
    [`Nim=${ticket}`, '"Nim" is no name: a-z, 0-9 and _ may be in it'],
    [`=${ticket}`, '"" is no name'],
    [`nim=${ticket} nim=${ticket}`, '"nim" is there twice'],
    [`nim=${ticket.slice(1)}`, 'the ticket of "nim" has 31 characters, and at least 32 are needed'],
  ])('%j is refused, and no ticket is shown', (listed, complaint) => {
    const read = () => outsideAuthorities(listed);
    expect(read).toThrow(`REALMKIT_AUTHORITIES: ${complaint}`);
    expect(read).toThrow('Wanted: NAME=TICKET');
    expect(read).not.toThrow('aaaa');
  });
});
