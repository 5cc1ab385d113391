import { expect, test } from 'vitest';
import { errors, pastEvents, type Dict, type List } from '../../../protocol/index.ts';

const event = {
  timestamp: '2030-01-02T03:04:05.678Z',
  subscription: 1,
  publication: 7,
  details: { topic: 'com.a' },
  args: [1],
};
const read = { timestamp: event.timestamp, publication: 7, details: { topic: 'com.a' }, args: [1], kwargs: {} };

/** A session whose router answers so, and what it was asked. */
function answering(args: List) {
  const asked: unknown[] = [];
  const call = (procedure: string, given: List = [], kwargs: Dict = {}) => {
    asked.push([procedure, given, kwargs]);
    return Promise.resolve({ args, kwargs: {}, details: {} });
  };
  return { session: { call }, asked };
}

test('[Event History] a filter goes out as it is', async () => {
  const { session, asked } = answering([]);
  expect(await pastEvents(session, 3, { reverse: true, limit: 2 })).toEqual([]);
  expect(asked).toEqual([['wamp.subscription.get_events', [3], { reverse: true, limit: 2 }]]);
});

test('[Event History] events are read from many results, and from one list', async () => {
  expect(await pastEvents(answering([event, event]).session, 1)).toEqual([read, read]);
  expect(await pastEvents(answering([[event, { ...event, kwargs: null }]]).session, 1)).toEqual([read, read]);
  expect(await pastEvents(answering([[]]).session, 1)).toEqual([]);
});

test.each([[['x']], [[{}]], [[{ ...event, publication: 0 }]]])(
  '[Event History] %j is no list of events',
  async (args) => {
    await expect(pastEvents(answering(args).session, 1)).rejects.toMatchObject({ uri: errors.invalidPayload });
  },
);
