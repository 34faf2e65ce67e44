import { type Attempts, waitLeft } from '@farandole/accounts/sign-in';
import { ATTEMPT_NETWORKS_MAX } from '../limits.ts';

type Counted = Pick<Attempts, 'count' | 'atMs'>;

/**
 * Counts wrong sign-in attempts per network, for all names and links together. An attempt is
 * counted when it starts and taken back if it succeeds, so that parallel attempts gain nothing.
 * These counts are in memory; the store has the counts per name.
 */
export class NetworkAttempts {
  readonly #counts = new Map<string, Counted>();

  /**
   * Counts a sign-in attempt.
   *
   * @returns the ms to wait before the attempt; 0 if it is allowed now
   */
  begin(network: string, nowMs: number): number {
    const before = this.#counts.get(network) ?? { count: 0, atMs: nowMs };
    const leftMs = waitLeft(before, nowMs);
    if (leftMs === 0) this.#put(network, { count: before.count + 1, atMs: nowMs });
    return leftMs;
  }

  takeBack(network: string): void {
    const counted = this.#counts.get(network);
    if (counted === undefined) return;
    if (counted.count <= 1) this.#counts.delete(network);
    else this.#put(network, { ...counted, count: counted.count - 1 });
  }

  #put(network: string, counted: Counted): void {
    this.#counts.delete(network);
    this.#counts.set(network, counted);
    if (this.#counts.size <= ATTEMPT_NETWORKS_MAX) return;
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#counts.delete(oldest);
  }
}
