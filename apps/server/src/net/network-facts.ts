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

/** Asks the system's resolver; throws when a name has no address. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** What this machine and its TURN servers are reached by, for the signalling policy. */
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
   * @param relayAddresses as the operator listed them, or null to resolve the relay's names
   * @param apart by what networks are known whose people are kept apart, or null where they may meet
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

  /** This machine's own addresses are no network: all may seem to be of it behind a proxy. */
  keptApart(clientAddress: string): string | null {
    const address = this.#apart === null ? null : parseIpAddress(clientAddress);
    if (address === null || isLoopback(address)) return null;
    return this.#apart?.of(address, address.family === 4 ? 24 : 56) ?? null;
  }

  localAddresses(): readonly string[] {
    return Object.values(networkInterfaces()).flatMap((addresses) =>
      // A link-local address carries its zone after a percent sign, which no candidate does.
      (addresses ?? []).map(({ address }) => address.replace(/%.*/s, '')),
    );
  }

  relayAddresses(): readonly string[] {
    return [...this.#listed, ...[...this.#resolved.values()].flat()];
  }

  /** Resolves the names when that is due. Resolves itself when it is done; never rejects. */
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
      // A name that cannot be resolved just now keeps the addresses that it had.
      if (answer.status === 'fulfilled') this.#resolved.set(...answer.value);
      else failed += 1;
    }
    if (failed > 0) this.#log({ event: 'relay-unresolved', names: failed });
    this.#nextAtMonotonicMs =
      now.monotonicMs + (failed > 0 ? TURN_RESOLVE_RETRY_MS : TURN_RESOLVE_EVERY_MS);
  }
}
