import { describe, expect, test } from 'vitest';
import type { Hop } from '../../../protocol/index.ts';
import { core, errorOf, errors, messagesTo } from './core.ts';

const permissions = [
  {
    uri: '',
    match: 'prefix',
    policies: ['exact', 'prefix'],
    allow: { call: true, register: true, publish: true, subscribe: true },
  },
  { uri: 'com.secret', allow: { publish: true, subscribe: true }, disclose: { publisher: false } },
] as const;
const roles = [
  { name: 'anonymous', permissions },
  { name: 'link', permissions, forwards: true },
];
const origin: Hop = { session: 77, authid: 'far', authrole: 'player' };
const between: Hop = { session: 78, authid: 'router2', authrole: 'link' };
const forward_for = [origin, between];

function setUp() {
  const { join } = core({ roles });
  const [link, ada] = [join('router1', 'link'), join('ada')];
  const way = [...forward_for, { session: link.session, authid: 'router1', authrole: 'link' }];
  return { link, ada, way };
}

describe('[Router-to-Router] what a link forwards', () => {
  test('is disclosed as of whom it is for, and by which way it came', () => {
    const { link, ada, way } = setUp();
    ada.send({ type: 'subscribe', options: {}, topic: 'com.topic' });
    ada.send({ type: 'register', options: {}, procedure: 'com.who' });
    const published = link.send({ type: 'publish', options: { forward_for, disclose_me: true }, topic: 'com.topic' });
    expect(messagesTo(ada, published)).toMatchObject([
      { details: { publisher: 77, publisher_authid: 'far', publisher_authrole: 'player', forward_for: way } },
    ]);
    const called = link.send({ type: 'call', options: { forward_for, disclose_me: true }, procedure: 'com.who' });
    expect(messagesTo(ada, called)).toMatchObject([
      { details: { caller: 77, caller_authid: 'far', caller_authrole: 'player', forward_for: way } },
    ]);
  });

  test('keeps its way when it comes later, from what is retained', () => {
    const { link, ada, way } = setUp();
    const options = { forward_for, disclose_me: true, retain: true };
    link.send({ type: 'publish', options, topic: 'com.topic', args: [1] });
    const effects = ada.send({ type: 'subscribe', options: { get_retained: true }, topic: 'com.topic' });
    expect(messagesTo(ada, effects)[1]).toMatchObject({ details: { publisher: 77, forward_for: way } });
  });

  test('tells neither where identities are not disclosed', () => {
    const { link, ada } = setUp();
    for (const topic of ['com.topic', 'com.secret']) {
      ada.send({ type: 'subscribe', options: {}, topic });
      const [event] = messagesTo(ada, link.send({ type: 'publish', options: { forward_for }, topic }));
      expect(event).toHaveProperty('details', {});
    }
  });

  test('is its own when it forwards for nobody', () => {
    const { link, ada } = setUp();
    ada.send({ type: 'subscribe', options: {}, topic: 'com.topic' });
    const options = { forward_for: [], disclose_me: true };
    const [event] = messagesTo(ada, link.send({ type: 'publish', options, topic: 'com.topic' }));
    expect(event).toMatchObject({ details: { publisher: link.session } });
    expect(event).not.toHaveProperty('details.forward_for');
  });
});

describe('[Router-to-Router] a session that is no link', () => {
  test.each([
    { type: 'publish', options: { forward_for, acknowledge: true }, topic: 'com.topic' },
    { type: 'call', options: { forward_for }, procedure: 'wamp.session.count' },
    { type: 'subscribe', options: { forward_for }, topic: 'com.topic' },
    { type: 'register', options: { forward_for }, procedure: 'com.proc' },
  ] as const)('may not $type for others', (message) => {
    const { ada, link } = setUp();
    expect(errorOf(ada.send(message))).toBe(errors.optionNotAllowed);
    expect(errorOf(link.send(message))).toBeUndefined();
  });

  test('may not leave a testament of others', () => {
    const { ada } = setUp();
    const args = ['com.topic', [], {}];
    const kwargs = { publish_options: { forward_for } };
    const made = ada.send({ type: 'call', options: {}, procedure: 'wamp.session.add_testament', args, kwargs });
    expect(errorOf(made)).toBe(errors.optionNotAllowed);
  });
});
