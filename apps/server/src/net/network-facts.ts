import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { NetworkFacts } from '@farandole/gateway/ports';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import type { Instant } from '@farandole/kernel/clock';
import { TURN_RESOLVE_EVERY_MS, TURN_RESOLVE_RETRY_MS } from '../limits.ts';
import type { Log } from '../observe/log.ts';
import type { NetworkAnchor } from '../store/network-anchor.ts';
import { isLoopback } from './address-range.ts';
import type { TurnUrl } from './turn-url.ts';

/**
 * Resolves a host name to addresses.
 *
 * @throws if the name has no address
 */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * Knows the addresses of this machine and of its TURN servers, which the signalling policy needs.
 */
export class MachineNetwork implements NetworkFacts {
  readonly #listed: readonly string[];
  readonly #names: readonly string[];
  readonly #log: Log;
  readonly #resolve: Resolve;
  readonly #apart: NetworkAnchor | null;
  readonly #resolved = new Map<string, readonly string[]>();
  #nextAtMonotonicMs = Number.NEGATIVE_INFINITY;
  #isResolving = false;

  /**
   * @param relayAddresses addresses of the TURN relays, from the operator; null to resolve the
   * names of the TURN servers
   *
   * @param apart returns the network of an address, within which users are never matched; null if
   * such users may be matched
   */
  constructor(
    relayAddresses: readonly string[] | null,
    turnUrls: readonly TurnUrl[],
    log: Log,
    resolve: Resolve = resolveByDns,
    apart: NetworkAnchor | null = null,
  ) {
    this.#apart = apart;
    const hosts = [...new Set(turnUrls.map(({ host }) => host))];
    const isAddress = (host: string): boolean => parseIpAddress(host) !== null;
    this.#listed = relayAddresses ?? hosts.filter(isAddress);
    this.#names = relayAddresses === null ? hosts.filter((host) => !isAddress(host)) : [];
    this.#log = log;
    this.#resolve = resolve;
  }

  /**
   * A local address belongs to no network, because behind a proxy all users may seem to have a
   * local address.
   */
  keptApart(clientAddress: string): string | null {
    const address = this.#apart === null ? null : parseIpAddress(clientAddress);
    if (address === null || isLoopback(address)) return null;
    return this.#apart?.of(address, address.family === 4 ? 24 : 56) ?? null;
  }

  localAddresses(): readonly string[] {
    return Object.values(networkInterfaces()).flatMap((addresses) =>
      // The zone suffix of an address is removed, because ICE candidates have none.
      (addresses ?? []).map(({ address }) => address.replace(/%.*/s, '')),
    );
  }

  relayAddresses(): readonly string[] {
    return [...this.#listed, ...[...this.#resolved.values()].flat()];
  }

  /** Resolves the names of the TURN servers if due. The promise never rejects. */
  async tick(now: Instant): Promise<void> {
    if (this.#names.length === 0 || this.#isResolving) return;
    if (now.monotonicMs < this.#nextAtMonotonicMs) return;
    this.#isResolving = true;
    const answers = await Promise.allSettled(
      this.#names.map(async (name) => [name, await this.#resolve(name)] as const),
    );
    this.#isResolving = false;
    let failed = 0;
    for (const answer of answers) {
      // If a TURN server's name can't be resolved, its earlier addresses stay.
      if (answer.status === 'fulfilled') this.#resolved.set(...answer.value);
      else failed += 1;
    }
    if (failed > 0) this.#log({ event: 'relay-unresolved', names: failed });
    this.#nextAtMonotonicMs =
      now.monotonicMs + (failed > 0 ? TURN_RESOLVE_RETRY_MS : TURN_RESOLVE_EVERY_MS);
  }
}
