import { expect, test } from 'vitest';
import { ownerOf } from '../../../server/router/rendezvous.ts';

const nodes = ['n1', 'n2', 'n3', 'n4'];
const resources = Array.from({ length: 4000 }, (_, i) => `match.${i}`);

test('a resource has the same owner in whatever order the nodes are named', () => {
  for (const resource of resources) {
    expect(ownerOf(resource, nodes.toReversed())).toBe(ownerOf(resource, nodes));
  }
  expect(ownerOf('r', [])).toBeUndefined();
});

test('each node owns about as many resources as another', () => {
  const shares = nodes.map((node) => resources.filter((resource) => ownerOf(resource, nodes) === node).length);
  for (const share of shares) expect(Math.abs(share - 1000)).toBeLessThan(150);
});

test('a node that leaves gives its resources to the others, and nothing else moves', () => {
  for (const resource of resources) {
    const before = ownerOf(resource, nodes);
    if (before !== 'n3') expect(ownerOf(resource, ['n1', 'n2', 'n4'])).toBe(before);
  }
});
