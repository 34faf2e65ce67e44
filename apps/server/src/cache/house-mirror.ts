import type { Instant } from '@farandole/kernel/clock';
import type { Backlog } from '@farandole/moderation/service/backlog';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { DeskFacts, HouseRules } from '@farandole/protocol/http-api';
import { PUBLIC_NUMBERS_READ_EVERY_MS } from '../limits.ts';

const NO_CASES = { open: 0, late: 0, pinnedLate: 0 };
const NO_BACKLOG: Backlog = {
  queues: { normal: NO_CASES, 'child-safety': NO_CASES },
  appeals: 0,
  unopenable: 0,
};

/**
 * Caches the store's data that pages and `/readyz` show, so that no request waits for the database.
 */
export class HouseMirror {
  readonly #store: Pick<ModerationStore, 'run'>;
  #houseRules: HouseRules | null = null;
  #desk: DeskFacts = { halfWithinHours: null, overturnedPercent: null };
  #backlog: Backlog = NO_BACKLOG;
  #numbersAtMonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<ModerationStore, 'run'>) {
    this.#store = store;
  }

  get facts(): { readonly desk: DeskFacts; readonly houseRules: HouseRules | null } {
    return { desk: this.#desk, houseRules: this.#houseRules };
  }

  /** Number of child-safety cases that no member may open, as of the last read of the store. */
  get unopenableCases(): number {
    return this.#backlog.unopenable;
  }

  /** Work that waits for the staff, as of the last read of the store. */
  get backlog(): Backlog {
    return this.#backlog;
  }

  async read({ monotonicMs, wallMs }: Instant): Promise<void> {
    await this.readRules();
    this.#backlog = await this.#store.run('backlog.read', { nowMs: wallMs });
    if (monotonicMs - this.#numbersAtMonotonicMs < PUBLIC_NUMBERS_READ_EVERY_MS) return;
    this.#desk = await this.#store.run('numbers.public', { nowMs: wallMs });
    this.#numbersAtMonotonicMs = monotonicMs;
  }

  /** Reads the house rules again. Called after a member changed them through this node. */
  async readRules(): Promise<void> {
    const { version, texts } = await this.#store.run('house-rules.read', null);
    const hasText = Object.values(texts).some((text) => text !== '');
    this.#houseRules = hasText ? { ...texts, version } : null;
  }
}
