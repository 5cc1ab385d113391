/** Rendezvous hashing: which of several nodes owns a resource. One node more or fewer moves only that node's resources. */

/** The owner of a resource among some nodes, in whatever order they come; undefined: there is no node. */
export function ownerOf(resource: string, nodes: Iterable<string>): string | undefined {
  let owner: string | undefined;
  let highest = -1;
  for (const node of nodes) {
    const score = hash(`${node}\0${resource}`);
    if (score < highest || (score === highest && owner !== undefined && owner < node)) continue;
    highest = score;
    owner = node;
  }
  return owner;
}

/** FNV-1a with the last steps of MurmurHash3, so that texts that differ in one character score far apart. 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
