import { type Attempts, waitLeft } from '@farandole/accounts/sign-in';
import { ATTEMPT_NETWORKS_MAX } from '../limits.ts';

type Counted = Pick<Attempts, 'count' | 'atMs'>;

/**
 * Wrong attempts of each network, whatever name or link they were at. Each is counted when it begins
 * and taken back when it was right, so that many at once are as slow as one after the other. Kept in
 * memory: what a name has had is in the store, and outlives the process.
 */
export class NetworkAttempts {
  readonly #counts = new Map<string, Counted>();

  /** Counts an attempt, unless the network has to wait: then for so many milliseconds. */
  begin(network: string, nowMs: number): number {
    const before = this.#counts.get(network) ?? { count: 0, atMs: nowMs };
    const leftMs = waitLeft(before, nowMs);
    if (leftMs === 0) this.#put(network, { count: before.count + 1, atMs: nowMs });
    return leftMs;
  }

  /** The last one was right. */
  takeBack(network: string): void {
    const counted = this.#counts.get(network);
    if (counted === undefined) return;
    if (counted.count <= 1) this.#counts.delete(network);
    else this.#put(network, { ...counted, count: counted.count - 1 });
  }

  /** The network that was heard of longest ago is forgotten for a new one. */
  #put(network: string, counted: Counted): void {
    this.#counts.delete(network);
    this.#counts.set(network, counted);
    if (this.#counts.size <= ATTEMPT_NETWORKS_MAX) return;
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#counts.delete(oldest);
  }
}
