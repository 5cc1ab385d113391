/** Hosting matches. */
export { hostGames, type AuthorityOptions, type Hosting } from './authority.ts';
export { secureChance, type Chance } from './chance.ts';
export { wallClock, type WallClock } from './clock.ts';
export { defaultLimits, type AuthorityLimits } from './limits.ts';
export { consoleLog, type Log } from './log.ts';
export { Queue } from './queue.ts';
export { callerOf, read, refused, type Caller } from './requests.ts';
