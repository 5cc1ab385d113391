import { expect, it } from 'vitest';
import { Visits } from '../../../server/authority/visits.ts';

it('the end of a session concerns its own matches, once', () => {
  const visits = new Visits<string>();
  visits.add(1, 'chess');
  visits.add(1, 'chess');
  visits.add(1, 'rally');
  visits.add(2, 'chess');
  expect([...visits.end(1)]).toEqual(['chess', 'rally']);
  expect([...visits.end(1)]).toEqual([]);
  expect([...visits.end(3)]).toEqual([]);
});

it('of a match that has closed nothing is kept', () => {
  const visits = new Visits<string>();
  visits.add(1, 'chess');
  visits.add(2, 'chess');
  visits.add(2, 'rally');
  visits.close('chess', [1, 2, 3]);
  expect([visits.size, ...visits.end(2)]).toEqual([1, 'rally']);
});
