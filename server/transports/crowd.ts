import { Rates } from '../rate.ts';

/** How many may come from outside. Infinity: no limit. */
export interface CrowdLimits {
  readonly maxConnections: number;
  /** From one address; an IPv6 address counts with all of its /64, which one customer usually has. */
  readonly maxConnectionsPerAddress: number;
  /** Sessions that may be asked for from one address, a second. */
  readonly joinsPerSecondPerAddress: number;
}

/** Everybody who is connected from outside, counted by where they come from. */
export class Crowd {
  #limits: CrowdLimits;
  readonly #byAddress = new Map<string, number>();
  #joins: Rates;
  #size = 0;

  constructor(limits: CrowdLimits) {
    this.#limits = limits;
    this.#joins = joinRates(limits);
  }

  /** For those who come from now on. */
  reconfigure(limits: CrowdLimits): void {
    if (limits.joinsPerSecondPerAddress !== this.#limits.joinsPerSecondPerAddress) this.#joins = joinRates(limits);
    this.#limits = limits;
  }

  /** Why nobody more can come from an address, for the peer; null: somebody can. */
  problem(address: string | null): string | null {
    const { maxConnections, maxConnectionsPerAddress: perAddress } = this.#limits;
    if (this.#size >= maxConnections) return `this router has the ${maxConnections} connections that it may have`;
    if (address === null || (this.#byAddress.get(address) ?? 0) < perAddress) return null;
    return `there are ${perAddress} connections from your address already`;
  }

  enter(address: string | null): void {
    this.#size += 1;
    if (address !== null) this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }

  leave(address: string | null): void {
    this.#size -= 1;
    if (address === null) return;
    const left = (this.#byAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }

  /** Why a connection cannot open a session now, for the peer; null: it can, and it is counted. */
  joinProblem(address: string | null, now: number): string | null {
    const { joinsPerSecondPerAddress: limit } = this.#limits;
    if (address === null || limit === Infinity || this.#joins.take(address, now) === 0) return null;
    return `more than ${limit} sessions a second from your address, at ${new Date(now).toISOString()}`;
  }
}

const joinRates = ({ joinsPerSecondPerAddress: perSecond }: CrowdLimits) => new Rates({ perSecond, burst: perSecond });

/**
 * By what a peer is counted.
 * @param peer `203.0.113.7:50123`, `2001:db8::1:50123`; of the others, such as Unix sockets, none has an address.
 */
export function addressOf(peer: string): string | null {
  const [, address] = /^(.+):\d+$/.exec(peer) ?? [];
  return address === undefined || address.startsWith('unix:') ? null : network(address);
}

/** What one customer has: an IPv4 address, or the first half of an IPv6 address. */
function network(address: string): string {
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::'); // where there is `::`, zeros fill up to eight groups
  const before = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
