import type { JoinOptions } from '../join.ts';

/** How one proves who one is: to be spread into the options of one `join`. WAMP "Authentication Methods". */
export type Credentials = Pick<JoinOptions, 'authid' | 'authmethods' | 'authextra' | 'onChallenge' | 'onWelcome'>;
