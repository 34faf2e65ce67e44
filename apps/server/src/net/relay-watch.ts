import { TurnClient } from '../cli/turn-client.ts';
import { RELAY_CHECKED_EVERY_MS, RELAY_FIRST_CHECK_MS_MAX } from '../limits.ts';
import { turnCredential } from './turn-credentials.ts';
import type { TurnUrl } from './turn-url.ts';

export interface RelayState {
  readonly url: string;
  /** Whether the last allocation succeeded. False before the first one. */
  readonly isReachable: boolean;
}

export interface RelayWatchOptions {
  readonly urls: readonly TurnUrl[];
  readonly secret: string;
  /** Returns the machine's date, which the TURN server uses too. */
  readonly machineMs: () => number;
  /** Returns a random number in [0, 1). */
  readonly chance: () => number;
}

/** Periodically makes an allocation on each TURN server, and releases it. */
export class RelayWatch {
  readonly #options: RelayWatchOptions;
  readonly #reachable = new Set<string>();
  #checking: TurnClient | null = null;
  #isClosed = false;
  #nextAtMonotonicMs: number | null = null;

  constructor(options: RelayWatchOptions) {
    this.#options = options;
  }

  get states(): readonly RelayState[] {
    return this.#options.urls.map(({ url }) => ({ url, isReachable: this.#reachable.has(url) }));
  }

  get isChecking(): boolean {
    return this.#checking !== null;
  }

  /**
   * Checks the TURN servers if due. The times of nodes are random, so that nodes that started
   * together don't check together.
   */
  tick(monotonicMs: number): void {
    const { chance } = this.#options;
    this.#nextAtMonotonicMs ??= monotonicMs + chance() * RELAY_FIRST_CHECK_MS_MAX;
    if (monotonicMs < this.#nextAtMonotonicMs || this.#checking !== null || this.#isClosed) return;
    this.#nextAtMonotonicMs = monotonicMs + RELAY_CHECKED_EVERY_MS * (0.75 + chance() / 2);
    void this.#checkAll();
  }

  close(): void {
    this.#isClosed = true;
    void this.#checking?.close();
  }

  async #checkAll(): Promise<void> {
    for (const url of this.#options.urls) {
      if (this.#isClosed) break;
      if (await this.#allocates(url)) this.#reachable.add(url.url);
      else this.#reachable.delete(url.url);
    }
    this.#checking = null;
  }

  async #allocates(url: TurnUrl): Promise<boolean> {
    const { secret, machineMs } = this.#options;
    const client = new TurnClient(url, turnCredential(secret, 'watch-0', machineMs()));
    this.#checking = client;
    try {
      await client.allocate();
      return true;
    } catch {
      return false;
    } finally {
      await client.close();
    }
  }
}
