import { type HourPlan, hourFrom, hoursIn, NO_HOURS } from '@farandole/matchmaking/hours';
import { occurrencesOf, type PublishedHour } from '@farandole/moderation/settings/hours';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { isMode } from '@farandole/protocol/fields';
import type { HoursFacts } from '@farandole/protocol/http-api';
import { HOURS_PLANNED_AGAIN_MS } from '../limits.ts';
import type { CommunityMirror } from './community-mirror.ts';

/** Caches the published hours, so that no search and no page waits for the database. */
export class HoursMirror {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #communities: Pick<CommunityMirror, 'find' | 'version'>;
  #version = 0;
  #published: readonly PublishedHour[] = [];
  /** The hours of open and closed communities. */
  #planned: HourPlan = NO_HOURS;
  #plan: HourPlan = NO_HOURS;
  /** Version of the communities that `#plan` knows. */
  #ofCommunities: number | null = null;
  #planAgainAtMs = Number.POSITIVE_INFINITY;

  constructor(
    store: Pick<ModerationStore, 'run'>,
    communities: Pick<CommunityMirror, 'find' | 'version'>,
  ) {
    this.#store = store;
    this.#communities = communities;
  }

  /**
   * Reads the hours from the store. Called often, and after a member changed them.
   *
   * @throws StoreError; the earlier hours then stay
   */
  async read(wallMs: number): Promise<void> {
    const { version, door, hours } = await this.#store.run('published-hours.read', null);
    if (version === this.#version && wallMs < this.#planAgainAtMs) return;
    this.#version = version;
    this.#published = hours;
    this.#planned = { door, hours: occurrencesOf(hours, wallMs) };
    this.#leaveOutClosed();
    // A weekly hour is planned some days ahead.
    this.#planAgainAtMs = wallMs + HOURS_PLANNED_AGAIN_MS;
  }

  /** The hours without those of closed communities. The same object until an hour changes. */
  get plan(): HourPlan {
    if (this.#communities.version !== this.#ofCommunities) this.#leaveOutClosed();
    return this.#plan;
  }

  published(id: string): PublishedHour | null {
    return this.#published.find((hour) => hour.id === id && this.#isOpen(hour)) ?? null;
  }

  /** Returns what a page shows of the hours of a community, or of the open pool. */
  facts(wallMs: number, community?: string): HoursFacts | null {
    const next = hourFrom(hoursIn(this.plan, community), wallMs);
    if (next === null || !isMode(next.mode)) return null;
    const { id, title, mode, startMs, endMs } = next;
    const startsInMs = Math.max(0, startMs - wallMs);
    return {
      door: this.#plan.door,
      next: { id, title, mode, startsInMs, endsInMs: endMs - wallMs },
    };
  }

  #isOpen({ community }: Pick<PublishedHour, 'community'>): boolean {
    return community === undefined || this.#communities.find(community) !== null;
  }

  #leaveOutClosed(): void {
    this.#ofCommunities = this.#communities.version;
    const { door, hours } = this.#planned;
    const open = hours.filter((hour) => this.#isOpen(hour));
    const isSame =
      door === this.#plan.door &&
      open.length === this.#plan.hours.length &&
      open.every((hour, at) => hour === this.#plan.hours[at]);
    if (!isSame) this.#plan = { door, hours: open };
  }
}
