import { expect, test } from 'vitest';
import { answer, call, register, told } from './calling.ts';
import { core, errors, messagesTo, sent, violation } from './core.ts';

const packed = {
  ppt_scheme: 'x_mine',
  ppt_serializer: 'cbor',
  ppt_cipher: 'aes256gcm',
  ppt_keyid: 'k1',
};
const bytes = new Uint8Array([1, 2, 3]);

test('[Payload Passthru Mode] what is packed goes through as it is, and how it is packed is told', () => {
  const { join } = core();
  const [caller, callee] = [join(), join()];
  register(callee, 'com.work');
  expect(caller.send({ type: 'call', options: packed, procedure: 'com.work', args: [bytes] })).toEqual([
    sent(callee, { type: 'invocation', request: 1, registration: 1, details: packed, args: [bytes] }),
  ]);
  expect(callee.send({ type: 'yield', request: 1, options: packed, args: [bytes] })).toEqual([
    sent(caller, { type: 'result', request: 1, details: packed, args: [bytes] }),
  ]);
  call(caller, 'com.work');
  const error = { type: 'error', details: packed, error: 'com.no', args: [bytes] } as const;
  expect(callee.send({ ...error, requestType: 68, request: 2 })).toEqual([
    sent(caller, { ...error, requestType: 48, request: 2 }),
  ]);
});

test('[Payload Passthru Mode] the other keys mean nothing without a scheme', () => {
  const { join } = core();
  const [caller, callee] = [join('ada', 'anonymous', { caller: {} }), join()];
  register(callee, 'com.work');
  expect(messagesTo(callee, call(caller, 'com.work', { ppt_scheme: '', ppt_keyid: 'k1' }))).toMatchObject([
    { details: {} },
  ]);
});

test('[Payload Passthru Mode] who did not announce it may not use it', () => {
  const { join } = core();
  const [caller, callee] = [join('ada', 'anonymous', { caller: {} }), join('bob', 'anonymous', { callee: {} })];
  register(callee, 'com.work');
  call(join(), 'com.work');
  const announced = 'needs payload_passthru_mode, which was not announced';
  expect(call(caller, 'com.work', packed)).toEqual(violation(caller, `call.options.ppt_scheme ${announced}`));
  expect(answer(callee, 1, packed).slice(0, 2)).toEqual(violation(callee, `yield.options.ppt_scheme ${announced}`));
});

test('[Payload Passthru Mode] a callee that did not announce it gets none of it', () => {
  const { join } = core();
  const [caller, callee] = [join(), join('bob', 'anonymous', { callee: {} })];
  register(callee, 'com.work');
  expect(told(caller, call(caller, 'com.work', packed))).toEqual([`error ${errors.featureNotSupported}`]);
  expect(told(caller, call(caller, 'wamp.session.count', packed))).toEqual([`error ${errors.featureNotSupported}`]);
});

test('[Payload Passthru Mode] a caller that did not announce it is told so in place of the answer', () => {
  const { join } = core();
  const [caller, callee] = [join('ada', 'anonymous', { caller: {} }), join()];
  register(callee, 'com.work');
  call(caller, 'com.work');
  expect(told(caller, answer(callee, 1, packed))).toEqual([`error ${errors.featureNotSupported}`]);
  call(caller, 'com.work', { receive_progress: true });
  const effects = answer(callee, 2, { ...packed, progress: true });
  expect([told(callee, effects), told(caller, effects)]).toEqual([
    ['interrupt 2'],
    [`error ${errors.featureNotSupported}`],
  ]);
});
