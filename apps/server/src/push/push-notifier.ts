import type { LonelySearches } from '@farandole/gateway/lonely-searches';
import type { Instant } from '@farandole/kernel/clock';
import { type HourPlan, hoursAt } from '@farandole/matchmaking/hours';
import type { ClaimedPush } from '@farandole/moderation/push/subscriptions';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { PUSH_CLAIM_EVERY_MS, PUSH_HOUR_MS, PUSHES_CLAIMED_MAX } from '../limits.ts';
import type { Log } from '../observe/log.ts';
import { hourMode } from './hour-mode.ts';
import type { PushKeys } from './push-keys.ts';
import type { PushSender } from './push-sender.ts';

export interface PushNotifierParts {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly keys: PushKeys;
  readonly sender: Pick<PushSender, 'send'>;
  readonly lonely: () => LonelySearches;
  readonly hours: () => HourPlan;
  readonly log: Log;
}

/** Notifies browsers when a user searches and no peer comes, and when an hour begins. */
export class PushNotifier {
  readonly #parts: PushNotifierParts;
  readonly #nextAtMs = new Map<string, number>();
  readonly #sending = new Set<Promise<void>>();

  constructor(parts: PushNotifierParts) {
    this.#parts = parts;
  }

  /**
   * Claims browsers for each mode in which a search is lonely and for an hour that begins, and
   * starts to notify them.
   *
   * @throws StoreError; the browsers are then notified at a later call
   */
  async tell({ wallMs: nowMs, monotonicMs }: Instant): Promise<void> {
    const { store, lonely } = this.#parts;
    const { modes, online } = lonely();
    for (const mode of modes) {
      if (monotonicMs < (this.#nextAtMs.get(mode) ?? 0)) continue;
      const claimed = await store.run('push.claim', {
        ...{ mode, nowMs, except: online, limit: PUSHES_CLAIMED_MAX },
      });
      this.#nextAtMs.set(mode, monotonicMs + PUSH_CLAIM_EVERY_MS);
      this.#sendAll(claimed);
    }
    await this.#tellHours(nowMs);
  }

  /** Notifies browsers of hours that begin. Each request for an hour counts once. */
  async #tellHours(nowMs: number): Promise<void> {
    const { store, hours } = this.#parts;
    const limit = PUSHES_CLAIMED_MAX;
    for (const { startMs, community } of hoursAt(hours(), nowMs)) {
      if (nowMs - startMs >= PUSH_HOUR_MS) continue;
      const mode = hourMode(community);
      const claimed = await store.run('push.claim', { mode, nowMs, except: [], limit });
      for (const { id } of claimed) await store.run('push.unsubscribe', { id });
      this.#sendAll(claimed);
    }
  }

  #sendAll(claimed: readonly ClaimedPush[]): void {
    for (const push of claimed) {
      // A notification that fails isn't repeated, because it would be late.
      const sending = this.#send(push).finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }
  }

  /** Resolves when no notification is being sent. */
  async close(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #send({ id, sealed }: ClaimedPush): Promise<void> {
    const { store, keys, sender, log } = this.#parts;
    const endpoint = keys.open(sealed);
    const outcome = endpoint === null ? 'gone' : await sender.send(endpoint);
    log({ event: 'notification-sent', outcome });
    if (outcome !== 'gone') return;
    // If the store fails, the browser stays until its time is over.
    await store.run('push.unsubscribe', { id }).catch(() => {});
  }
}
