/** Requests that are refused, or not even that: the session goes on. */
import { errors } from '../../protocol/index.ts';
import { error, rows } from './hostile.ts';

const long = 'x'.repeat(60_000);
const badUri = (uri: string, pattern = '') => error(errors.invalidUri, `"${uri}" is not a well formed URI${pattern}`);
const reserved = (uri: string, verb: string) =>
  error(errors.invalidUri, `"${uri}" is reserved: only the router may ${verb} below "wamp."`);
const tooLong = error(errors.invalidUri, 'a URI may have 1024 characters, this one has 60000');
const denied = (words: string) => error(errors.notAuthorized, `role "anonymous" may not ${words}`);
const acknowledge = { acknowledge: true };

export const refusedRequests = rows(true, [
  ['a procedure with blanks', [48, 1, {}, 'com. a'], badUri('com. a')],
  ['a procedure with a zero in it', [48, 1, {}, 'com.\u0000a'], badUri('com.\u0000a')],
  ['an empty procedure', [48, 1, {}, ''], badUri('')],
  ['a procedure in capitals', [48, 1, {}, 'com.List'], badUri('com.List')],
  ['a procedure of dots', [48, 1, {}, '.'.repeat(1000)], badUri('.'.repeat(1000))],
  ['a procedure that ends in a dot', [48, 1, {}, 'com.'], badUri('com.')],
  ['a procedure with a hash', [48, 1, {}, 'com.#'], badUri('com.#')],
  ['a procedure of 60,000 letters', [48, 1, {}, long], tooLong],
  ['a topic of 60,000 letters', [32, 1, {}, long], tooLong],
  ['a topic to publish to of 60,000 letters', [16, 1, acknowledge, long], tooLong],
  ['a procedure to register of 60,000 letters', [64, 1, {}, long], tooLong],
  ['a topic in other letters', [32, 1, {}, 'com.ü'], badUri('com.ü')],
  ['a topic with gaps that is no wildcard', [32, 1, {}, 'com..a'], badUri('com..a')],
  ['a prefix with blanks', [32, 1, { match: 'prefix' }, 'com. '], badUri('com. ', ' as a prefix')],
  ['a wildcard with blanks', [32, 1, { match: 'wildcard' }, 'com..a b'], badUri('com..a b', ' as a wildcard')],
  ['a topic to publish to with blanks', [16, 1, acknowledge, 'com. '], badUri('com. ')],
  ['a wildcard to publish to', [16, 1, acknowledge, 'com..a'], badUri('com..a')],
  ['a procedure to register with blanks', [64, 1, {}, 'com. '], badUri('com. ')],
  ['registering __proto__', [64, 1, {}, '__proto__'], denied('register "__proto__"')],
  ["registering what is the router's", [64, 1, {}, 'wamp.session.count'], reserved('wamp.session.count', 'register')],
  ["registering all that is the router's", [64, 1, { match: 'prefix' }, 'wamp.'], reserved('wamp.', 'register')],
  [
    'publishing as the router',
    [16, 1, acknowledge, 'wamp.session.on_join'],
    reserved('wamp.session.on_join', 'publish'),
  ],
  ['a call that is not allowed', [48, 1, {}, 'com.closed.a'], denied('call "com.closed.a"')],
  ['a subscription that is not allowed', [32, 1, {}, 'com.closed.a'], denied('subscribe to "com.closed.a"')],
  ['a registration that is not allowed', [64, 1, {}, 'com.closed.a'], denied('register "com.closed.a"')],
  ['a publication that is not allowed', [16, 1, acknowledge, 'com.closed.a'], denied('publish to "com.closed.a"')],
  [
    'a prefix around what is not allowed',
    [32, 1, { match: 'prefix' }, 'com'],
    denied('subscribe to "com" as a prefix'),
  ],
  [
    'a wildcard around what is not allowed',
    [64, 1, { match: 'wildcard' }, '..a'],
    denied('register "..a" as a wildcard'),
  ],
  ['a subscription to everything', [32, 1, { match: 'prefix' }, ''], denied('subscribe to "" as a prefix')],
  [
    'a pattern where there are none',
    [64, 1, { match: 'prefix' }, 'com.plain.'],
    denied('register "com.plain." as a prefix'),
  ],
  [
    'telling who one is where one may not',
    [48, 1, { disclose_me: true }, 'com.plain.a'],
    error(errors.discloseMeDisallowed, 'this role may not disclose who it is here'),
  ],
  [
    'telling it to subscribers',
    [16, 1, { ...acknowledge, disclose_me: true }, 'com.plain.a'],
    error(errors.discloseMeDisallowed, 'this role may not disclose who it is here'),
  ],
  [
    'retaining where one may not',
    [16, 1, { ...acknowledge, retain: true }, 'com.plain.a'],
    error(errors.optionNotAllowed, 'this role may not have events retained here'),
  ],
  ['a call to nobody', [48, 1, {}, 'com.nobody'], error(errors.noSuchProcedure, 'nobody has registered com.nobody')],
  [
    'a call by inheritance',
    [48, 1, {}, 'com.constructor'],
    error(errors.noSuchProcedure, 'nobody has registered com.constructor'),
  ],
  ['an unsubscribe of nothing', [34, 1, 1], error(errors.noSuchSubscription, 'you hold no subscription 1')],
  [
    'an unsubscribe of the last id',
    [34, 1, 2 ** 53],
    error(errors.noSuchSubscription, 'you hold no subscription 9007199254740992'),
  ],
  ['an unregister of nothing', [66, 1, 1], error(errors.noSuchRegistration, 'you hold no registration 1')],
  [
    'registering what is taken',
    [64, 1, {}, 'com.healthy'],
    error(errors.procedureAlreadyExists, 'com.healthy is registered already'),
  ],
  [
    'sharing what is not shared',
    [64, 1, { invoke: 'random' }, 'com.healthy'],
    error(errors.procedureAlreadyExists, 'com.healthy is registered already'),
  ],
  [
    'a call of the router that there is not',
    [48, 1, {}, 'wamp.session.constructor'],
    error(errors.noSuchProcedure, 'the router has no procedure wamp.session.constructor'),
  ],
  [
    'a session by its name',
    [48, 1, {}, 'wamp.session.get', ['x']],
    error(errors.invalidArgument, 'args[0] is not the id of a session'),
  ],
  [
    'a session that there is not',
    [48, 1, {}, 'wamp.session.get', [1]],
    error(errors.noSuchSession, 'there is no such session: 1'),
  ],
  ['killing nobody', [48, 1, {}, 'wamp.session.kill', [1]], error(errors.noSuchSession, 'there is no such session: 1')],
  [
    'killing without a name',
    [48, 1, {}, 'wamp.session.kill'],
    error(errors.invalidArgument, 'args[0] is not the id of a session'),
  ],
  [
    'a count of roles that is a number',
    [48, 1, {}, 'wamp.session.count', [7]],
    error(errors.invalidArgument, 'args[0] is not a list of roles'),
  ],
  [
    'a registration that there is not',
    [48, 1, {}, 'wamp.registration.get', [999_999]],
    error(errors.noSuchRegistration, 'there is no registration 999999'),
  ],
  [
    'a lookup of nothing',
    [48, 1, {}, 'wamp.registration.lookup'],
    error(errors.invalidArgument, 'args[0] is not a uri'),
  ],
  [
    'a match of a number',
    [48, 1, {}, 'wamp.subscription.match', [7]],
    error(errors.invalidArgument, 'args[0] is not a uri'),
  ],
  [
    'a subscription that there is not',
    [48, 1, {}, 'wamp.subscription.list_subscribers', [999_999]],
    error(errors.noSuchSubscription, 'there is no subscription 999999'),
  ],
  [
    'a testament without a topic',
    [48, 1, {}, 'wamp.session.add_testament'],
    error(errors.invalidArgument, 'args[0] is not a topic'),
  ],
  [
    'a testament where one may not publish',
    [48, 1, {}, 'wamp.session.add_testament', ['com.closed.a', [], {}]],
    denied('publish to "com.closed.a"'),
  ],
]);

/** Nothing is answered to these, and the session goes on. */
export const ignoredRequests: readonly (readonly [title: string, message: readonly unknown[]])[] = [
  ['a cancel of no call', [49, 77, {}]],
  ['a cancel of the last id', [49, 2 ** 53, { mode: 'kill' }]],
  ['a publication that is not allowed and not acknowledged', [16, 1, {}, 'com.closed.a']],
  ['a publication to no URI, not acknowledged', [16, 1, {}, 'com. ']],
  ['unknown options by inheritance', [16, 1, { constructor: 7, toString: [], hasOwnProperty: 'x' }, 'com.a']],
  [
    'a publication to people who are not there',
    [16, 1, { eligible: [1, 2, 2 ** 53], eligible_authid: ['', '__proto__'] }, 'com.a'],
  ],
];
