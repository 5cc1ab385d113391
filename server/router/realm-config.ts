/** How a realm is set up. */
import type { Uri } from '../../protocol/index.ts';
import type { Role } from './authorization.ts';
import type { BrokerConfig } from './broker.ts';
import type { DealerConfig } from './dealer.ts';

export interface RealmConfig extends BrokerConfig, DealerConfig {
  readonly name: Uri;
  readonly roles: readonly Role[];
  /** Which URIs are well formed: 'strict' allows only lower case, digits and `_`. Default 'loose'. */
  readonly uris?: 'loose' | 'strict';
  /** 'strict' (default): request ids must count 1, 2, 3, …; 'loose': any, for old clients that draw them at random. */
  readonly requestIds?: 'loose' | 'strict';
}

/** A realm in which anonymous sessions may do everything, as fast as they can: for development, on loopback only. */
export const permissiveRealm = (name: Uri): RealmConfig => ({
  name,
  roles: [
    {
      name: 'anonymous',
      permissions: [
        {
          uri: '',
          match: 'prefix',
          policies: ['exact', 'prefix', 'wildcard'],
          allow: { call: true, register: true, publish: true, subscribe: true },
        },
      ],
      limits: { messagesPerSecond: Infinity, messageBurst: Infinity, bytesPerSecond: Infinity, byteBurst: Infinity },
    },
  ],
});
