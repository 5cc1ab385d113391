import { expect, test } from 'vitest';
import type { Message } from '../../../protocol/index.ts';
import { answer, call, cancel, register, told } from './calling.ts';
import { allFeatures, core, errors, sent, violation, type Joined } from './core.ts';

const chunk = (
  peer: Joined,
  request: number,
  args: unknown[],
  options: Message<'call'>['options'] = { progress: true },
) => peer.send({ type: 'call', request, options, procedure: 'com.upload', args });

function uploading(realm = {}) {
  const { router, join } = core(realm);
  const [ada, bob] = [join('ada'), join('bob')];
  register(bob, 'com.upload', { invoke: 'roundrobin' });
  return { router, join, ada, bob, first: chunk(ada, 1, [0]) };
}

test('[Progressive Call Invocations] all chunks go to one callee under one id, then its answer comes back', () => {
  const { join, ada, bob, first } = uploading();
  register(join(), 'com.upload', { invoke: 'roundrobin' });
  const invocation = (details: object, arg: number) =>
    sent(bob, { type: 'invocation', request: 1, registration: 1, details: { ...details }, args: [arg] });
  expect(first).toEqual([invocation({ progress: true }, 0)]);
  expect(chunk(ada, 1, [1])).toEqual([invocation({ progress: true }, 1)]);
  expect(chunk(ada, 1, [2], {})).toEqual([invocation({}, 2)]);
  expect(answer(bob)).toEqual([sent(ada, { type: 'result', request: 1, details: {} })]);
  expect(told(bob, call(ada, 'com.upload', {}, 2))).toEqual([]); // the other callee's turn
});

test('[Progressive Call Invocations] options other than progress are those of the first CALL', () => {
  const { join } = core();
  const [ada, bob] = [join(), join()];
  register(bob, 'com.upload');
  chunk(ada, 1, [], { progress: true });
  expect(chunk(ada, 1, [], { progress: true, disclose_me: true, receive_progress: true, timeout: 5 })).toEqual([
    sent(bob, { type: 'invocation', request: 1, registration: 1, details: { progress: true }, args: [] }),
  ]);
  expect(answer(bob, 1, { progress: true })).toEqual([]); // receive_progress came too late
});

test('[Progressive Call Invocations] other requests may come between the chunks', () => {
  const { ada, bob } = uploading();
  expect(told(ada, ada.send({ type: 'subscribe', request: 2, options: {}, topic: 'com.a' }))).toEqual(['subscribed 2']);
  expect(told(bob, chunk(ada, 1, [1]))).toEqual(['invocation 1']);
  expect(told(ada, ada.send({ type: 'subscribe', request: 3, options: {}, topic: 'com.a' }))).toEqual(['subscribed 3']);
});

test('[Progressive Call Invocations] the callee may answer before all has come, and the rest is dropped', () => {
  const { ada, bob } = uploading();
  expect(told(ada, answer(bob))).toEqual(['result 1']);
  expect(chunk(ada, 1, [1])).toEqual([]);
  expect(chunk(ada, 1, [2], {})).toEqual([]);
  expect(chunk(ada, 1, [3])).toEqual(violation(ada, 'call.request is 1, not 2, the next of this session'));
});

test.each([
  ['cancelled', (ada: Joined) => cancel(ada)],
  ['refused', (ada: Joined) => call(ada, 'com.none', { progress: true }, 2)],
])('[Progressive Call Invocations] the rest of a call that was %s is dropped', (_, end) => {
  const { ada } = uploading();
  expect(told(ada, end(ada))[0]).toMatch(/^error/);
  expect(chunk(ada, _ === 'cancelled' ? 1 : 2, [1])).toEqual([]);
});

test('[Progressive Call Invocations] the last chunk is the last', () => {
  const { ada } = uploading();
  chunk(ada, 1, [1], {});
  expect(chunk(ada, 1, [2]).slice(0, 2)).toEqual(violation(ada, 'call.request 1 is under way already'));
});

test('[Progressive Call Invocations] all chunks are of one procedure', () => {
  const { ada } = uploading();
  expect(call(ada, 'com.other', { progress: true }, 1).slice(0, 2)).toEqual(
    violation(ada, 'call.procedure of request 1 has changed'),
  );
});

test('[Progressive Call Invocations] a caller that did not announce them may not send any', () => {
  const ada = core().join('ada', 'anonymous', { caller: {} });
  expect(chunk(ada, 1, [])).toEqual(
    violation(ada, 'call.options.progress needs progressive_call_invocations, which was not announced'),
  );
});

test.each([
  ['them', { progressive_call_invocations: false }],
  ['canceling', { call_canceling: false }],
])('[Progressive Call Invocations] a callee that did not announce %s gets none', (_, lacking) => {
  const { join } = core();
  const [ada, bob, able] = [
    join(),
    join('bob', 'anonymous', { callee: { features: { ...allFeatures.callee.features, ...lacking } } }),
    join(),
  ];
  register(bob, 'com.upload', { invoke: 'first' });
  expect(told(ada, chunk(ada, 1, []))).toEqual([`error ${errors.featureNotSupported}`]);
  register(able, 'com.upload', { invoke: 'first' });
  expect(told(able, chunk(ada, 2, []))).toEqual(['invocation 1']);
});

test('[Progressive Call Invocations] the procedures of the router take none', () => {
  const ada = core().join();
  expect(told(ada, call(ada, 'wamp.session.count', { progress: true }))).toEqual([
    `error ${errors.featureNotSupported}`,
  ]);
});

test('[IDs] where ids may be any, chunks are still told from new calls', () => {
  const { ada, bob } = uploading({ requestIds: 'loose' });
  expect(told(bob, chunk(ada, 1, [1], {}))).toEqual(['invocation 1']);
  answer(bob);
  expect(told(bob, chunk(ada, 1, [2], {}))).toEqual(['invocation 2']);
});
