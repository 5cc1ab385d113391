import { expect, it } from 'vitest';
import { Intake, type IntakeLimits } from '../../../server/transports/intake.ts';

const limits: IntakeLimits = { messagesPerSecond: 10, messageBurst: 2, bytesPerSecond: 1000, byteBurst: 5000 };

it('takes a burst of messages, and then as many as time allows', () => {
  const intake = new Intake(limits, 0);
  expect([intake.take(1, 0), intake.take(2, 0)]).toEqual([null, null]);
  expect(intake.take(3, 0)).toBe('more than 10 messages a second, or 2 at once, at 1970-01-01T00:00:00.000Z');
  expect(intake.take(4, 100)).toBeNull();
});

it('takes a burst of bytes, and then as many as time allows', () => {
  const intake = new Intake({ ...limits, messageBurst: 100 }, 0);
  expect([intake.take(3000, 0), intake.take(5000, 0)]).toEqual([null, null]);
  expect(intake.take(5001, 0)).toBe('more than 1000 bytes a second, or 5000 at once, at 1970-01-01T00:00:00.000Z');
  expect(intake.take(5002, 1)).toBeNull();
});

it('takes a batch by what all of it is long', () => {
  const intake = new Intake({ ...limits, messageBurst: 100 }, 0);
  for (let message = 0; message < 20; message++) expect(intake.take(9000, 0)).toBeNull(); // larger than the burst
  expect(intake.take(9001, 0)).toMatch(/bytes/);
});

it('goes by the role once there is a session, which wins nothing by joining again', () => {
  const intake = new Intake(limits, 0);
  const role = { messagesPerSecond: 100, messageBurst: 4 };
  for (let message = 0; message < 2; message++) expect(intake.take(0, 0)).toBeNull();
  intake.change(limits, role, 0);
  expect(intake.take(0, 0)).toBe('more than 100 messages a second, or 4 at once, at 1970-01-01T00:00:00.000Z');
  for (let message = 0; message < 4; message++) expect(intake.take(0, 1000)).toBeNull();
  intake.change(limits, {}, 1000);
  expect(intake.take(0, 1000)).toMatch(/^more than 10 messages/);
});

it('lets a role be without limits', () => {
  const intake = new Intake(limits, 0);
  intake.change(
    limits,
    { messagesPerSecond: Infinity, messageBurst: Infinity, bytesPerSecond: Infinity, byteBurst: Infinity },
    1,
  );
  for (let message = 0; message < 1000; message++) expect(intake.take(message * 1e6, 1)).toBeNull();
});
