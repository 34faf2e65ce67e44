import type { AgeDeclaration } from '@farandole/gateway/handlers/age';
import type { UnblockRecord } from '@farandole/gateway/ports';
import type { Instant } from '@farandole/kernel/clock';
import type { SubjectId } from '@farandole/kernel/id';
import { WAYS, type Way } from '@farandole/moderation/stats/numbers';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { HOUSE_SAMPLE_EVERY_MS } from '@farandole/protocol/limits';
import { StoreError } from '@farandole/storage/store-error';
import { ApartPoll } from '../cache/apart-poll.ts';
import type { CommunityMirror } from '../cache/community-mirror.ts';
import type { HoursKeeper } from '../cache/hours-keeper.ts';
import type { HoursMirror } from '../cache/hours-mirror.ts';
import type { HouseMirror } from '../cache/house-mirror.ts';
import type { PeopleCache } from '../cache/people-cache.ts';
import type { RestrictionsMirror } from '../cache/restrictions-mirror.ts';
import {
  AUDIT_CHECKPOINT_EVERY_MS,
  CALLS_COUNTED_EVERY_MS,
  CLEAN_FLUSH_EVERY_MS,
  DATE_KEPT_EVERY_MS,
  HOUSE_READ_EVERY_MS,
  HOUSEKEEPING_EVERY_MS,
  OTHER_NODES_READ_EVERY_MS,
  PAIRS_FLUSH_EVERY_MS,
  PUSH_CHECKED_EVERY_MS,
  RESTRICTIONS_READ_EVERY_MS,
  STORE_ASKED_AGAIN_AFTER_MS,
  STORE_SILENT_MS,
} from '../limits.ts';
import type { NodeClock } from '../node/node-clock.ts';
import type { LogEvent, StoreTask } from '../observe/log.ts';
import type { PushNotifier } from '../push/push-notifier.ts';
import type { CheckpointKeeper } from '../store/audit-checkpoint.ts';
import type { AnchorRecorder } from './anchor-recorder.ts';
import type { CleanCalls } from './clean-calls.ts';
import type { PairRecorder } from './pair-recorder.ts';

const SILENT = new StoreError('silent', 'The database doesn’t answer.');

/** Takes declarations of minors and removals of blocks that other nodes stored. */
export interface OtherNodesListener {
  agesRefused(declarations: readonly AgeDeclaration[]): void;
  blocksRemoved(removals: readonly UnblockRecord[]): void;
}

export interface StoreTasksOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Pick<NodeClock, 'keep'>;
  readonly standings: RestrictionsMirror;
  readonly peopleCache: PeopleCache;
  readonly cleanCalls: CleanCalls;
  readonly pairRecorder: Pick<PairRecorder, 'tell'>;
  readonly anchorRecorder: Pick<AnchorRecorder, 'tell'>;
  readonly checkpoints: Pick<CheckpointKeeper, 'keep'>;
  readonly house: Pick<HouseMirror, 'read' | 'readRules'>;
  readonly communities: Pick<CommunityMirror, 'read'>;
  readonly hours: Pick<HoursKeeper, 'sample'>;
  readonly publishedHours: Pick<HoursMirror, 'read'>;
  readonly people: () => number;
  /** Removes files that were imported into the store some time ago. */
  readonly removeImported: () => Promise<void>;
  /**
   * @param subjects users whose restrictions may have changed; if absent, any user's restrictions
   * may have changed
   */
  readonly onChanged: (subjects?: readonly SubjectId[]) => void;
  /** Takes what other nodes stored. Null on a server with one node. */
  readonly otherNodes: OtherNodesListener | null;
  /** Notifies browsers of lonely searches. Null if the operator has turned this off. */
  readonly notifier: Pick<PushNotifier, 'tell'> | null;
  readonly onWorked: (task: StoreTask) => void;
  readonly onFailed: (task: StoreTask, error: unknown) => void;
}

/** Runs a node's periodic tasks on the store. A task never runs twice at a time. */
export class StoreTasks {
  readonly #options: StoreTasksOptions;
  readonly #nextAtMs = new Map<StoreTask, number>();
  /** Running tasks, with the times at which they began; infinite once reported as silent. */
  readonly #running = new Map<StoreTask, number>();
  readonly #apart: ApartPoll;
  #uncountedCalls = 0;
  /** Uncounted calls of each way to meet. They are also among `#uncountedCalls`. */
  readonly #ofWays = new Map<Way, number>();
  /** Uncounted calls of each community. They are also among `#uncountedCalls`. */
  readonly #ofCommunities = new Map<string, number>();

  constructor(options: StoreTasksOptions) {
    this.#options = options;
    this.#apart = new ApartPoll(options.store);
  }

  /**
   * Called after a moderation decision, a change of the house rules, the declaration of a minor or
   * the removal of a block, through this node or another. Makes it take effect at the next tick
   * instead of the next poll.
   */
  changed(): void {
    for (const task of ['standing', 'ages', 'unblocks', 'house-rules'] as const) {
      this.#nextAtMs.delete(task);
    }
  }

  observe(event: LogEvent): void {
    if (event.event !== 'match-found') return;
    this.#uncountedCalls += 1;
    const { community, isExchange, mode } = event;
    const way = WAYS.find((each) => each === (isExchange === true ? 'exchange' : mode));
    if (way !== undefined) this.#ofWays.set(way, (this.#ofWays.get(way) ?? 0) + 1);
    if (community === undefined) return;
    this.#ofCommunities.set(community, (this.#ofCommunities.get(community) ?? 0) + 1);
  }

  tick(now: Instant): void {
    const { store, standings, peopleCache, cleanCalls, onChanged, otherNodes } = this.#options;
    const { pairRecorder, anchorRecorder, checkpoints, house, hours, people, clock, notifier } =
      this.#options;
    const { communities } = this.#options;
    const { publishedHours } = this.#options;
    this.#run('standing', RESTRICTIONS_READ_EVERY_MS, now, async () => {
      if (await standings.read(now.wallMs)) onChanged();
      return await peopleCache.decided(standings.version ?? 0);
    });
    if (otherNodes !== null) {
      this.#run('ages', OTHER_NODES_READ_EVERY_MS, now, async () => {
        await this.#apart.readAges(now.wallMs, (declared) => otherNodes.agesRefused(declared));
        return false;
      });
      this.#run('unblocks', OTHER_NODES_READ_EVERY_MS, now, async () => {
        await this.#apart.readRemovals(now.wallMs, (removals) => {
          otherNodes.blocksRemoved(removals);
        });
        return false;
      });
      this.#run('house-rules', OTHER_NODES_READ_EVERY_MS, now, async () => {
        await house.readRules();
        await communities.read();
        await publishedHours.read(now.wallMs);
        return false;
      });
    }
    this.#run('anchors', 0, now, () => anchorRecorder.tell());
    // Users who just connected are read at each tick, because their searches wait for it.
    this.#run('trust', 0, now, () => peopleCache.read());
    const noticed = peopleCache.noticesChanged(now.wallMs);
    if (noticed.length > 0) onChanged(noticed);
    this.#run('clean-calls', CLEAN_FLUSH_EVERY_MS, now, () => cleanCalls.tell(now.wallMs));
    this.#run('pairs', PAIRS_FLUSH_EVERY_MS, now, () => pairRecorder.tell());
    this.#run('housekeeping', HOUSEKEEPING_EVERY_MS, now, async () => {
      return (await store.run('time.pass', { nowMs: now.wallMs })).more;
    });
    this.#run('imported', HOUSEKEEPING_EVERY_MS, now, async () => {
      await this.#options.removeImported();
      return false;
    });
    this.#run('checkpoint', AUDIT_CHECKPOINT_EVERY_MS, now, async () => {
      await checkpoints.keep();
      return false;
    });
    this.#run('date', DATE_KEPT_EVERY_MS, now, async () => {
      await clock.keep();
      return false;
    });
    this.#run('house', HOUSE_READ_EVERY_MS, now, async () => {
      await house.read(now);
      await publishedHours.read(now.wallMs);
      return false;
    });
    this.#run('hours', HOUSE_SAMPLE_EVERY_MS, now, async () => {
      await hours.sample(people(), now.wallMs);
      return false;
    });
    if (notifier !== null) {
      this.#run('notifications', PUSH_CHECKED_EVERY_MS, now, async () => {
        await notifier.tell(now);
        return false;
      });
    }
    this.#run('calls', CALLS_COUNTED_EVERY_MS, now, async () => {
      const calls = this.#uncountedCalls;
      if (calls > 0) {
        const ofWays = new Map(this.#ofWays);
        const ways = Object.fromEntries(ofWays);
        await store.run('calls.count', { calls, ways, nowMs: now.wallMs });
        this.#uncountedCalls -= calls;
        subtract(this.#ofWays, ofWays);
      }
      const counted = new Map(this.#ofCommunities);
      if (counted.size === 0) return false;
      const ofEach = Object.fromEntries(counted);
      await store.run('community.count', { calls: ofEach, nowMs: now.wallMs });
      subtract(this.#ofCommunities, counted);
      return false;
    });
  }

  /** @param work returns whether work is left; if so, the task runs again at the next tick */
  #run(task: StoreTask, everyMs: number, now: Instant, work: () => Promise<boolean>): void {
    const sinceMs = this.#running.get(task);
    if (sinceMs !== undefined) {
      // A database that doesn't answer at all shows no error for half a minute. The read of the
      // sanctions is short, so it shows the silence, and a proxy sends newcomers to another node.
      if (task !== 'standing' || now.monotonicMs - sinceMs < STORE_SILENT_MS) return;
      this.#running.set(task, Number.POSITIVE_INFINITY);
      this.#options.onFailed(task, SILENT);
      return;
    }
    if (now.monotonicMs < (this.#nextAtMs.get(task) ?? 0)) return;
    this.#running.set(task, now.monotonicMs);
    this.#nextAtMs.set(task, now.monotonicMs + everyMs);
    work()
      .then((isMore) => {
        this.#options.onWorked(task);
        if (isMore) this.#nextAtMs.delete(task);
      })
      .catch((error: unknown) => {
        // The retry comes before the task's next regular run. Otherwise the log would show a short
        // failure as up to a minute longer.
        this.#nextAtMs.set(task, now.monotonicMs + STORE_ASKED_AGAIN_AFTER_MS);
        this.#options.onFailed(task, error);
      })
      .finally(() => this.#running.delete(task));
  }
}

/** Subtracts the stored counts. `from` may have grown since they were read. */
function subtract<Key>(from: Map<Key, number>, counted: ReadonlyMap<Key, number>): void {
  for (const [key, count] of counted) {
    const left = (from.get(key) ?? 0) - count;
    if (left > 0) from.set(key, left);
    else from.delete(key);
  }
}
