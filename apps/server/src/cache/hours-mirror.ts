import { type HourPlan, hourFrom, NO_HOURS } from '@farandole/matchmaking/hours';
import { occurrencesOf, type PublishedHour } from '@farandole/moderation/settings/hours';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { isMode } from '@farandole/protocol/fields';
import type { HoursFacts } from '@farandole/protocol/http-api';
import { HOURS_PLANNED_AGAIN_MS } from '../limits.ts';

/** Caches the published hours, so that no search and no page waits for the database. */
export class HoursMirror {
  readonly #store: Pick<ModerationStore, 'run'>;
  #version = 0;
  #published: readonly PublishedHour[] = [];
  #plan: HourPlan = NO_HOURS;
  #planAgainAtMs = Number.POSITIVE_INFINITY;

  constructor(store: Pick<ModerationStore, 'run'>) {
    this.#store = store;
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
    this.#plan = { door, hours: occurrencesOf(hours, wallMs) };
    // A weekly hour is planned some days ahead.
    this.#planAgainAtMs = wallMs + HOURS_PLANNED_AGAIN_MS;
  }

  get plan(): HourPlan {
    return this.#plan;
  }

  published(id: string): PublishedHour | null {
    return this.#published.find((hour) => hour.id === id) ?? null;
  }

  facts(wallMs: number): HoursFacts | null {
    const next = hourFrom(this.#plan, wallMs);
    if (next === null || !isMode(next.mode)) return null;
    const { id, title, mode, startMs, endMs } = next;
    const startsInMs = Math.max(0, startMs - wallMs);
    return {
      door: this.#plan.door,
      next: { id, title, mode, startsInMs, endsInMs: endMs - wallMs },
    };
  }
}
