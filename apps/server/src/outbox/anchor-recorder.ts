import type { Known } from '@farandole/gateway/ports';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import type { SubjectId } from '@farandole/kernel/id';
import { PREFIX_BITS_MIN } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Anchor } from '@farandole/moderation/store/stored';
import {
  ANCHOR_RESENT_AFTER_MS,
  ANCHORS_BATCH_MAX,
  ANCHORS_PENDING_MAX,
  USERS_NOTED_MAX,
} from '../limits.ts';
import { isLoopback } from '../net/address-range.ts';
import type { NetworkAnchor } from '../store/network-anchor.ts';
import { keepNewest } from './keep-newest.ts';
import { Outbox } from './outbox.ts';

/**
 * Sends the store a keyed hash of each user's network. By this hash the store groups reports from
 * one network, and moderators can ban the network.
 *
 * Addresses are kept in memory only. They are kept so that each user's network is sent once per
 * period. Local addresses belong to no network, because behind an unlisted proxy all users would
 * seem to share one.
 */
export class AnchorRecorder {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #anchor: NetworkAnchor;
  readonly #onLinked: (subject: SubjectId) => void;
  /** Last address of each user and the time when it was seen, most recent last. */
  readonly #noticed = new Map<SubjectId, { readonly address: string; readonly atMs: number }>();
  readonly #untold = new Outbox<string, Omit<Anchor, 'id'>>({
    waiting: ANCHORS_PENDING_MAX,
    atOnce: ANCHORS_BATCH_MAX,
  });

  /** @param onLinked called for users who start with less trust because of their network */
  constructor(
    store: Pick<ModerationStore, 'run'>,
    networkAnchor: NetworkAnchor,
    onLinked: (subject: SubjectId) => void,
  ) {
    this.#onLinked = onLinked;
    this.#store = store;
    this.#anchor = networkAnchor;
  }

  /** Queues a user's network for the store, once per address and period, if it is known. */
  notice({ subject, clientAddress }: Known, nowMs: number): void {
    if (clientAddress === null) return;
    const before = this.#noticed.get(subject);
    const isFresh =
      before?.address === clientAddress && nowMs - before.atMs < ANCHOR_RESENT_AFTER_MS;
    if (isFresh) return;
    keepNewest(this.#noticed, subject, { address: clientAddress, atMs: nowMs }, USERS_NOTED_MAX);
    const address = parseIpAddress(clientAddress);
    if (address === null || isLoopback(address)) return;
    const family = address.family === 4 ? 'v4' : 'v6';
    const bits = PREFIX_BITS_MIN[family];
    const network = this.#anchor.of(address, bits);
    const anchor = { subject, network, family, bits, atMs: nowMs } as const;
    this.#untold.note(`${subject} ${network}`, anchor);
  }

  /**
   * Sends a batch of networks to the store.
   *
   * @returns whether more networks are left
   * @throws StoreError; the next call retries
   */
  async tell(): Promise<boolean> {
    return await this.#untold.tell(async (anchors) => {
      for (const one of await this.#store.run('anchors.see', { anchors })) this.#onLinked(one);
    });
  }
}
