/**
 * The client as a plugin of a Phaser game: `this.realmkit.client` in every scene. Phaser asks nothing of a global plugin
 * but these methods, so the class does not extend `Phaser.Plugins.BasePlugin`: then `realmkit/client` would load Phaser,
 * which needs a DOM, for bots, tests and pages that only want the connection.
 *
 *     plugins: { global: [{ key: 'realmkit', plugin: RealmkitPlugin, start: true, mapping: 'realmkit', data: client }] }
 */
import { connect, Client } from '../client.ts';
import type { ConnectOptions } from '../connection/surroundings.ts';

export class RealmkitPlugin {
  #client: Client | null = null;
  #isOurs = false;

  /** @throws Error before Phaser has started the plugin. */
  get client(): Client {
    if (!this.#client) throw new Error('RealmkitPlugin has not been started: install it with `start: true`');
    return this.#client;
  }

  /** By Phaser. `data` is the page's client, or what to connect with; one of its own is closed with the game. */
  init(data?: Client | ConnectOptions | null): void {
    this.#isOurs = !(data instanceof Client);
    this.#client = data instanceof Client ? data : connect(data ?? {});
  }

  start(): void {}
  stop(): void {}

  destroy(): void {
    if (this.#isOurs) this.#client?.close('the Phaser game has ended');
    this.#client = null;
  }
}
