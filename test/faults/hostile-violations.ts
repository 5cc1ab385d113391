/** Well formed messages that break the protocol in an established session. */
import { abort, hello, rows, type Hostile } from './hostile.ts';

const announced = { features: { progressive_call_invocations: true, call_canceling: true } };

const violations = rows(true, [
  ['a second hello', hello, abort('hello in an established session')],
  ['an answer to no challenge', [5, '', {}], abort('authenticate in an established session')],
  ['a call out of sequence', [48, 7, {}, 'com.a'], abort('call.request is 7, not 1, the next of this session')],
  [
    'a call with the last id that there is',
    [48, 2 ** 53, {}, 'com.a'],
    abort('call.request is 9007199254740992, not 1, the next of this session'),
  ],
  [
    'an id twice',
    [32, 1, {}, 'com.b'],
    abort('subscribe.request is 1, not 2, the next of this session'),
    [[32, 1, {}, 'com.a']],
  ],
  [
    'the id of a call for a publication',
    [16, 1, {}, 'com.b'],
    abort('publish.request is 1, not 2, the next of this session'),
    [[48, 1, {}, 'com.a']],
  ],
  [
    'progress that was not announced',
    [48, 1, { progress: true }, 'com.a'],
    abort('call.options.progress needs progressive_call_invocations, which was not announced'),
  ],
  [
    'a call packed without a word',
    [48, 1, { ppt_scheme: 'mqtt' }, 'com.a'],
    abort('call.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  [
    'a publication packed without a word',
    [16, 1, { ppt_scheme: 'mqtt' }, 'com.a'],
    abort('publish.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  [
    'a yield packed without a word',
    [70, 1, { ppt_scheme: 'mqtt' }],
    abort('yield.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  [
    'an error packed without a word',
    [8, 68, 1, { ppt_scheme: 'mqtt' }, 'com.e'],
    abort('error.details.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  ['a yield to no invocation', [70, 1, {}], abort('yield.request 1 was no invocation of this session')],
  [
    'progress of no invocation',
    [70, 1, { progress: true }],
    abort('yield.request 1 was no invocation of this session'),
  ],
  ['an error to no invocation', [8, 68, 1, {}, 'com.e'], abort('error.request 1 was no invocation of this session')],
  ['an error to a call', [8, 48, 1, {}, 'com.e'], abort('error.requestType is 48, not 68')],
  ['an error to nothing', [8, -1, 1, {}, 'com.e'], abort('error.requestType is -1, not 68')],
  ['a goodbye without a reason', [6, {}, ''], abort('goodbye.reason is not a uri')],
]);

/** Calls that go on, by a peer that calls itself. WAMP "Progressive Call Invocations". */
const progressing = rows(false, [
  [
    'a call that is made twice with one id',
    [48, 2, {}, 'com.own'],
    abort('call.request 2 is under way already'),
    calling({}),
  ],
  [
    'a call that goes on as another',
    [48, 2, { progress: true }, 'com.other'],
    abort('call.procedure of request 2 has changed'),
    calling({ progress: true }),
  ],
]);
function calling(options: object): readonly (readonly unknown[])[] {
  return [
    [1, 'realm1', { roles: { caller: announced, callee: announced } }],
    [64, 1, {}, 'com.own'],
    [48, 2, options, 'com.own'],
  ];
}

export const hostileViolations: readonly Hostile[] = [...violations, ...progressing];
