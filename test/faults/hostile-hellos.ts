/** HELLOs that are welcome nowhere. */
import { errors } from '../../protocol/index.ts';
import { abort, roles, rows } from './hostile.ts';

const long = 'x'.repeat(60_000);
const introduced = (details: object) => [1, 'realm1', { roles, ...details }];

export const hostileHellos = rows(false, [
  ['a hello without roles', [1, 'realm1', {}], abort('hello.details.roles is missing')],
  [
    'roles of a router',
    [1, 'realm1', { roles: { broker: {}, dealer: {} } }],
    abort('hello.details.roles names none of publisher, subscriber, caller, callee'),
  ],
  [
    'no role at all',
    [1, 'realm1', { roles: {} }],
    abort('hello.details.roles names none of publisher, subscriber, caller, callee'),
  ],
  [
    'a role by inheritance',
    [1, 'realm1', { roles: { constructor: {}, toString: {} } }],
    abort('hello.details.roles names none of publisher, subscriber, caller, callee'),
  ],
  [
    'a role that is a list',
    [1, 'realm1', { roles: { caller: [] } }],
    abort('hello.details.roles.caller is not a dict'),
  ],
  [
    'a role that is null',
    [1, 'realm1', { roles: { callee: null } }],
    abort('hello.details.roles.callee is not a dict'),
  ],
  [
    'a realm that is no URI',
    [1, 'not a realm', { roles }],
    abort('"not a realm" is not a realm\'s URI', errors.invalidUri),
  ],
  ['a realm without a name', [1, '', { roles }], abort('"" is not a realm\'s URI', errors.invalidUri)],
  [
    'a realm of 60,000 letters',
    [1, `${long} `, { roles }],
    abort(`"${long} " is not a realm's URI`, errors.invalidUri),
  ],
  ['a realm that there is not', [1, 'realm2', { roles }], abort('there is no realm "realm2"', errors.noSuchRealm)],
  [
    'a realm by inheritance',
    [1, 'constructor', { roles }],
    abort('there is no realm "constructor"', errors.noSuchRealm),
  ],
  [
    'a method that there is not',
    introduced({ authmethods: ['toString'] }),
    abort('realm "realm1" offers: anonymous', errors.noMatchingAuthMethod),
  ],
  [
    'a method for components',
    introduced({ authmethods: ['trusted'], authid: 'router' }),
    abort('realm "realm1" offers: anonymous', errors.noMatchingAuthMethod),
  ],
]);
