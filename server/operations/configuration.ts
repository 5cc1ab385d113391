/** What an operator may configure of a router: one schema, from which checks, types and editors' help come. */
import * as z from 'zod';

/** A secret in the file, or where it is: an environment variable, or a file of its own without its last line break. */
const secret = z
  .union([z.string().min(1), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })])
  .describe('the secret itself, { env: NAME } or { file: PATH }');
export type Secret = z.infer<typeof secret>;

const action = z.enum(['call', 'register', 'publish', 'subscribe']);
const match = z.enum(['exact', 'prefix', 'wildcard']);
const count = z.int().min(0);
const atLeastOne = z.int().min(1).optional();

/** How much a peer may send. */
const rates = {
  messagesPerSecond: atLeastOne.describe('on average; more end the connection'),
  messageBurst: atLeastOne.describe('at once after a pause'),
  bytesPerSecond: atLeastOne,
  byteBurst: atLeastOne,
};

const permission = z.strictObject({
  uri: z.string().describe('a URI; a * at its end means all that begin so, a * between dots any one component'),
  match: match.optional().describe('how the uri is compared, where no * says it'),
  allow: z.array(action).describe('what may be done there; nothing: []'),
  patterns: z
    .array(match)
    .optional()
    .describe('with which match policies one may subscribe and register below; default only exact'),
  disclose: z
    .strictObject({ caller: z.boolean().optional(), publisher: z.boolean().optional() })
    .optional()
    .describe('true: receivers always learn who it was; false: never; absent: peers decide'),
  trustlevel: count.optional().describe('what receivers are told of how far to trust it; 0 is the least'),
  retain: z.boolean().default(true).describe('whether events may be retained here for those who subscribe later'),
});

const role = z.strictObject({
  name: z.string().min(1),
  permissions: z.array(permission).default([]),
  limits: z
    .strictObject({
      subscriptions: count.optional(),
      registrations: count.optional(),
      calls: count.optional().describe('unanswered at a time'),
      testaments: count.optional(),
      definitions: count.optional(),
      ...rates,
    })
    .optional()
    .describe('how many of each a session may have; absent: any, and of rates as for all'),
  forwards: z
    .boolean()
    .default(false)
    .describe('its sessions are links of other routers, and believed when they say for whom they call and publish'),
});

const authenticator = z.strictObject({
  procedure: z.string().min(1).describe('called with realm, authid and details; its answer says who it is'),
  realm: z.string().optional().describe('where it is registered; default: the realm that the peer asks for'),
  defaultRole: z.string().optional(),
});
/** Who may come: a table, or a component that is asked. */
const source = <P extends z.ZodType>(principal: P) =>
  z
    .strictObject({
      principals: z.record(z.string(), principal).optional(),
      authenticator: authenticator.optional(),
    })
    .refine((given) => (given.principals === undefined) !== (given.authenticator === undefined), {
      message: 'either principals or an authenticator is needed, not both',
    });
const roleName = z.string().min(1);
const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`), `${bytes} bytes in hexadecimal digits`);
const scramPrincipal = z.union([
  z.strictObject({ role: roleName, password: secret }),
  z.strictObject({
    role: roleName,
    kdf: z.enum(['pbkdf2', 'argon2id13']),
    salt: z.string().describe('base64'),
    iterations: z.int().min(1),
    memory: z.int().min(1).optional().describe('KiB, of Argon2 only'),
    storedKey: hex(32),
    serverKey: hex(32),
  }),
]);

const methods = {
  anonymous: z.strictObject({ role: z.string().default('anonymous') }),
  ticket: source(z.strictObject({ role: roleName, ticket: secret })),
  wampcra: source(
    z.strictObject({
      role: roleName,
      secret: secret.describe('with a salt: the derived key, in base64'),
      salt: z.string().optional(),
      iterations: z.int().min(1).optional(),
      keylen: z.int().min(16).optional(),
    }),
  ),
  scram: source(scramPrincipal).describe('as the specification says; peers name it wamp-scram'),
  scram_autobahn: source(scramPrincipal).describe('as Autobahn for Python says; peers name it scram'),
  cryptosign: source(z.strictObject({ role: roleName, authorizedKeys: z.array(hex(32)).min(1) })),
  tls: source(z.strictObject({ role: roleName, authid: z.string().optional() })).describe(
    "by the fingerprint of the peer's certificate",
  ),
};
export type Method = keyof typeof methods;

const authentication = z
  .strictObject({
    anonymous: methods.anonymous.optional(),
    ticket: methods.ticket.optional(),
    wampcra: methods.wampcra.optional(),
    scram: methods.scram.optional(),
    scram_autobahn: methods.scram_autobahn.optional(),
    cryptosign: methods.cryptosign.optional(),
    tls: methods.tls.optional(),
  })
  .refine((given) => Object.keys(given).length > 0, 'at least one method is needed, or nobody can join');

const history = z.strictObject({
  uri: z.string().describe('a topic; with a * it is a pattern, as in permissions'),
  match: match.optional(),
  limit: z.int().min(1).describe('events kept; the oldest goes first'),
});

const realm = z
  .strictObject({
    name: z.string().min(1),
    uris: z.enum(['loose', 'strict']).default('loose').describe('strict: only lower case, digits and _'),
    requestIds: z
      .enum(['loose', 'strict'])
      .default('strict')
      .describe('strict: requests count 1, 2, 3, …; loose: any, for old clients'),
    roles: z.array(role).min(1),
    authentication,
    history: z
      .array(history)
      .default([])
      .describe('topics whose past events are kept, for wamp.subscription.get_events'),
    maxQueuedCalls: count.optional().describe('calls that may wait for one busy registration'),
  })
  .superRefine(checkRoles);

/** Every role that a principal is given must be one of the realm's. */
function checkRoles(
  { roles, authentication: given }: { roles: { name: string }[]; authentication: object },
  context: z.RefinementCtx,
) {
  const names = new Set(roles.map(({ name }) => name));
  const check = (value: unknown, path: string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if ((key === 'role' || key === 'defaultRole') && typeof part === 'string' && !names.has(part)) {
        const message = `there is no role "${part}" in this realm; there is ${[...names].join(', ')}`;
        context.addIssue({ code: 'custom', message, path: [...path, key] });
      } else check(part, [...path, key]);
    }
  };
  check(given, ['authentication']);
}

const web = { origins: z.array(z.string()).default([]).describe('web pages from there may connect too') };
const endpoint = z
  .strictObject({
    host: z.string().default('127.0.0.1'),
    port: z.int().min(0).max(65_535).optional().describe('0: any free one'),
    socket: z.string().optional().describe('path of a Unix socket, in place of host and port'),
    tls: z
      .strictObject({
        certificate: z.string().describe('path of a PEM file, with its chain; read anew when it changes'),
        key: z.string().describe('path of a PEM file'),
        passphrase: secret.optional(),
        clientAuthorities: z.string().optional().describe('path of a PEM file'),
        askClients: z.boolean().optional().describe('ask peers for a certificate'),
      })
      .optional(),
    websocket: z.strictObject({ path: z.string().startsWith('/').default('/ws'), ...web }).optional(),
    longpoll: z.strictObject({ path: z.string().startsWith('/').default('/lp'), ...web }).optional(),
    rawsocket: z.strictObject({}).optional(),
  })
  .refine((given) => (given.port === undefined) !== (given.socket === undefined), 'either port or socket is needed')
  .refine(
    (given) => given.websocket ?? given.longpoll ?? given.rawsocket,
    'at least one of websocket, longpoll and rawsocket is needed: `websocket: {}` is WebSocket at /ws',
  );

export const configuration = z.strictObject({
  realms: z.array(realm).min(1),
  transports: z.array(endpoint).min(1),
  limits: z
    .strictObject({
      maxMessageBytes: z.int().min(512).optional().describe('largest message of a peer'),
      maxBufferedBytes: z.int().min(1024).optional().describe('what may wait for a slow reader'),
      joinTimeoutMs: z.int().min(1).optional().describe('how long a connection may be without a session'),
      ...rates,
      maxConnections: count.optional(),
      maxConnectionsPerAddress: atLeastOne.describe('not behind a reverse proxy: all come from its address'),
      joinsPerSecondPerAddress: atLeastOne.describe('sessions that may be asked for; not behind a reverse proxy'),
    })
    .prefault({}),
});
export type Configuration = z.infer<typeof configuration>;
export type RealmConfiguration = Configuration['realms'][number];
export type EndpointConfiguration = Configuration['transports'][number];

/** For editors: `"$schema"` of a JSON file, or a YAML language server. JSON Schema, draft 2020-12. */
export const configurationSchema = (): object => z.toJSONSchema(configuration, { io: 'input' });
