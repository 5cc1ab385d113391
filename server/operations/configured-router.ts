/** A router as a configuration file describes it, and goes on describing it. */
import { Hub, type HubSettings } from '../transports/index.ts';
import { changedRealms } from './changed-realms.ts';
import type { Configuration } from './configuration.ts';
import { hubRealm } from './configured-realm.ts';
import { Listeners } from './listeners.ts';
import { present } from './present.ts';

export interface ConfiguredRouter {
  /** Where it is reached, in the order of the file. */
  readonly urls: readonly string[];
  /**
   * From now on it is as this says; who may stay, stays.
   * @returns what has changed, for people.
   * @throws StartError as at the start; then nothing has changed.
   */
  reconfigure(configuration: Configuration): Promise<readonly string[]>;
  /** GOODBYE to everybody; then the ports are free. */
  stop(): Promise<void>;
}

/** @throws StartError for a port that is taken, a secret or certificate that cannot be used. */
export async function startConfiguredRouter(configuration: Configuration): Promise<ConfiguredRouter> {
  let current = configuration;
  const hub = new Hub(await settingsOf(current));
  const listeners = new Listeners(hub);
  const stop = async () => {
    await hub.stop();
    await listeners.close();
  };
  try {
    await listeners.open(current.transports, current.limits);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get urls() {
      return listeners.urls;
    },
    async reconfigure(next) {
      const settings = await settingsOf(next);
      const settle = await listeners.open(next.transports, next.limits);
      hub.reconfigure(settings);
      const before = current;
      current = next;
      const limits = JSON.stringify(before.limits) === JSON.stringify(next.limits) ? [] : ['limits changed'];
      return [...changedRealms(before.realms, next.realms), ...(await settle()), ...limits];
    },
    stop,
  };
}

const settingsOf = async ({ realms, limits }: Configuration): Promise<HubSettings> => ({
  realms: await Promise.all(realms.map(hubRealm)),
  limits: present(limits),
});
