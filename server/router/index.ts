/** The routing core: pure, without sockets, timers or clocks. */
export { Router, type RouterConfig } from './router.ts';
export { permissiveRealm, type RealmConfig } from './realm-config.ts';
export type { Objection } from './reconfiguration.ts';
export type { Question, Ruling } from './asked-permissions.ts';
export type { Action, Permission, Role, SessionLimits } from './authorization.ts';
export type { ConnectionId, Effect, Hello } from './effects.ts';
export type { Admitted, Principal } from './session.ts';
export type { Chance, Surroundings } from './surroundings.ts';
