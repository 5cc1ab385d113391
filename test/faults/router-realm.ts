import type { RealmConfig } from '../../server/router/index.ts';

const everything = { call: true, register: true, publish: true, subscribe: true };
const policies = ['exact', 'prefix', 'wildcard'] as const;

/** The realm that is attacked: strict, with a bit of everything that may be refused. Its rates nobody reaches. */
export const realm: RealmConfig = {
  name: 'realm1',
  uris: 'strict',
  roles: [
    {
      name: 'anonymous',
      permissions: [
        { uri: 'com.', match: 'prefix', policies, allow: everything },
        { uri: 'com.closed.', match: 'prefix', allow: {} },
        {
          uri: 'com.plain.',
          match: 'prefix',
          allow: everything,
          disclose: { caller: false, publisher: false },
          retain: false,
        },
        { uri: 'wamp.', match: 'prefix', allow: { call: true, subscribe: true } },
      ],
      limits: {
        subscriptions: 200,
        registrations: 100,
        calls: 200,
        testaments: 10,
        definitions: 10,
        messagesPerSecond: Infinity,
        messageBurst: Infinity,
        bytesPerSecond: Infinity,
        byteBurst: Infinity,
      },
    },
  ],
};
