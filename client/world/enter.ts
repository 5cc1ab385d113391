/** All that a page needs of worlds, in one piece: loaded when it enters one. */
export { WorldFollowing } from './world-following.ts';
export { worldMatchOf } from './world-match.ts';
