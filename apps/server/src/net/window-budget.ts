import type { Budget } from '@farandole/gateway/budget/budget';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { networkOf } from './address-range.ts';

/** Maximum number of counted networks. The one that was counted first is forgotten above it. */
const NETWORKS_MAX = 10_000;

/** A budget of one number per network (a /24 or /56) and window of time. */
export class WindowBudget implements Budget {
  readonly #max: number;
  readonly #windowMs: number;
  readonly #nowMs: () => number;
  /** What each network took in the current window. */
  readonly #taken = new Map<string, number>();
  #endsAtMs = 0;

  constructor(max: number, windowMs: number, nowMs: () => number) {
    this.#max = max;
    this.#windowMs = windowMs;
    this.#nowMs = nowMs;
  }

  take(address: string, cost = 1): number {
    const nowMs = this.#nowMs();
    if (nowMs >= this.#endsAtMs) {
      this.#taken.clear();
      this.#endsAtMs = nowMs + this.#windowMs;
    }
    const network = nameOf(address);
    const taken = (this.#taken.get(network) ?? 0) + cost;
    if (taken > this.#max) return this.#endsAtMs - nowMs;
    this.#taken.set(network, taken);
    if (this.#taken.size > NETWORKS_MAX) {
      for (const first of this.#taken.keys()) {
        this.#taken.delete(first);
        break;
      }
    }
    return 0;
  }

  release(address: string, cost = 1): void {
    const network = nameOf(address);
    const taken = (this.#taken.get(network) ?? 0) - cost;
    if (taken > 0) this.#taken.set(network, taken);
    else this.#taken.delete(network);
  }
}

function nameOf(address: string): string {
  const parsed = parseIpAddress(address);
  return parsed === null ? address : networkOf(parsed);
}
