/** All hostile messages that we know, as wire lists. */
import { hostileForms } from './hostile-forms.ts';
import { hostileHellos } from './hostile-hellos.ts';
import { refusedRequests } from './hostile-requests.ts';
import { hostileViolations } from './hostile-violations.ts';
import type { Hostile } from './hostile.ts';

export const hostileMessages: readonly Hostile[] = [
  ...hostileForms,
  ...hostileHellos,
  ...hostileViolations,
  ...refusedRequests,
];
