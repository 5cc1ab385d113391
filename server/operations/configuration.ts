/** What an operator may configure of a router: one schema, from which checks, types and editors' help come. */
import * as z from 'zod';

/** A secret in the file, or where it is: an environment variable, or a file of its own without its last line break. */
export const secret = z
  .union([z.string().min(1), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })])
  .describe('the secret itself, { env: NAME } or { file: PATH }');
export type Secret = z.infer<typeof secret>;

const action = z.enum(['call', 'register', 'publish', 'subscribe']);
const match = z.enum(['exact', 'prefix', 'wildcard']);

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
  trustlevel: z.int().min(0).optional().describe('what receivers of calls and events are told; 0 is the least trusted'),
  retain: z.boolean().default(true).describe('whether events may be retained here for those who subscribe later'),
});

const limit = z.int().min(0).optional();

const role = z.strictObject({
  name: z.string().min(1),
  permissions: z.array(permission).default([]),
  limits: z
    .strictObject({ subscriptions: limit, registrations: limit, calls: limit, testaments: limit, definitions: limit })
    .prefault({})
    .describe('how many of each a session of this role may have at a time'),
});

const history = z.strictObject({
  uri: z.string().describe('a topic; with a * it is a pattern, as in permissions'),
  match: match.optional(),
  limit: z.int().min(1).describe('events kept; the oldest goes first'),
});

const principals = <P extends z.ZodType>(principal: P) =>
  z.record(z.string(), principal).default({}).describe('by authid');

const authentication = z
  .strictObject({
    anonymous: z.strictObject({ role: z.string().default('anonymous') }).optional(),
    ticket: z
      .strictObject({ principals: principals(z.strictObject({ ticket: secret, role: z.string().min(1) })) })
      .optional(),
  })
  .refine((methods) => Object.keys(methods).length > 0, 'at least one method is needed, or nobody can join');

const realm = z
  .strictObject({
    name: z.string().min(1),
    uris: z.enum(['loose', 'strict']).default('loose').describe('strict: only lower case, digits and _'),
    requestIds: z
      .enum(['loose', 'strict'])
      .default('strict')
      .describe('strict: requests count 1, 2, 3, …; loose: any, for old clients'),
    roles: z.array(role).min(1),
    history: z
      .array(history)
      .default([])
      .describe('topics whose past events are kept, for wamp.subscription.get_events'),
    authentication,
  })
  .superRefine(({ roles, authentication: methods }, context) => {
    const names = new Set(roles.map(({ name }) => name));
    const check = (used: string, ...path: string[]) => {
      if (names.has(used)) return;
      const message = `there is no role "${used}" in this realm; there is ${[...names].join(', ')}`;
      context.addIssue({ code: 'custom', message, path: ['authentication', ...path, 'role'] });
    };
    if (methods.anonymous) check(methods.anonymous.role, 'anonymous');
    for (const [authid, principal] of Object.entries(methods.ticket?.principals ?? {})) {
      check(principal.role, 'ticket', 'principals', authid);
    }
  });

const listener = z.strictObject({
  type: z.literal('websocket'),
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535),
  path: z.string().startsWith('/').default('/ws'),
  origins: z
    .array(z.string())
    .default([])
    .describe('web pages of these origins may connect too, beside those of the host itself'),
});

export const configuration = z.strictObject({
  realms: z.array(realm).min(1),
  transports: z.array(listener).min(1),
  limits: z
    .strictObject({
      maxMessageBytes: z.int().min(512).optional().describe('largest message of a peer'),
      maxBufferedBytes: z.int().min(1024).optional().describe('what may wait for a slow reader'),
      joinTimeoutMs: z.int().min(1).optional(),
      pingIntervalMs: z.int().min(1).optional(),
      pongTimeoutMs: z.int().min(1).optional(),
    })
    .prefault({}),
});
export type Configuration = z.infer<typeof configuration>;

/** For editors: `"$schema"` of a JSON file, or a YAML language server. JSON Schema, draft 2020-12. */
export const configurationSchema = (): object => z.toJSONSchema(configuration, { io: 'input' });
