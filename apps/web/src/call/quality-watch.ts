import type { Clock } from '@farandole/kernel/clock';
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import {
  QUALITY_EVERY_MS,
  QUALITY_WINDOW_MS,
  SOUND_ONLY_AFTER_MS,
  STALLED_AFTER_MS,
  STREAM_PACKETS_MIN,
} from './limits.ts';
import { type LinkStats, linkStatsOf } from './link-stats.ts';
import {
  figuresBetween,
  firstQuality,
  levelOf,
  nextQuality,
  type QualityFigures,
  type QualityLevel,
  type SteadyQuality,
} from './quality.ts';
import { type StatsReports, wayOf } from './stats-reports.ts';
import {
  climb,
  LADDER_TOP,
  type Ladder,
  SAVING_STEP,
  VIDEO_STEPS,
  type VideoLimits,
  withinKbps,
} from './video-ladder.ts';

export interface WatchedLink {
  reports(): Promise<StatsReports>;
  limitVideo(limits: VideoLimits | null): void;
  setStalled(stalled: boolean): void;
}

export interface QualityWatchPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Whether the peer says that it sends media. If so, missing packets mean a broken path. */
  readonly expectsMedia: () => boolean;
  /**
   * Whether the sent picture is limited to save data even if the connection is good. Subscribes the
   * caller to changes.
   */
  readonly savesData: () => boolean;
  /** Limit of what this user sends through the relay, in kb/s; null without a limit. */
  readonly relayKbpsMax: () => number | null;
}

export interface MeasuredQuality {
  readonly level: QualityLevel;
  readonly figures: QualityFigures;
  readonly lowered: boolean;
  /** Whether quality has been poor for so long that the page offers to send only sound. */
  readonly offersSoundOnly: boolean;
  readonly sentHeight: number | null;
}

export type OpenQualityWatch = (link: WatchedLink, ports: QualityWatchPorts) => QualityWatch;

export const openQualityWatch: OpenQualityWatch = (link, ports) => new QualityWatch(link, ports);

interface Reading {
  readonly atMs: number;
  readonly stats: LinkStats;
}

/**
 * Reads the statistics of one connection until stopped, and adapts the limits of the sent video.
 * Detects a dead path before the browser does, which takes five seconds or more.
 */
export class QualityWatch {
  readonly #link: WatchedLink;
  readonly #ports: QualityWatchPorts;
  readonly #quality = signal<MeasuredQuality | null>(null);
  #readings: Reading[] = [];
  #steady: SteadyQuality | null = null;
  #ladder: Ladder = LADDER_TOP;
  #applied: VideoLimits | null = null;
  #isRelayed = false;
  #cameAtMs: number | null = null;
  #stalled = false;
  /**
   * Time at which the current period of poor quality began, if the user declined to send only sound
   * in it.
   */
  #declined: number | null = null;
  #stopped = false;
  #cancel: (() => void) | null = null;
  readonly #unfollow: () => void;

  constructor(link: WatchedLink, ports: QualityWatchPorts) {
    this.#link = link;
    this.#ports = ports;
    // A change of the setting applies at once.
    this.#unfollow = effect(() => {
      ports.savesData();
      untracked(() => this.#limitVideo());
    });
    void this.#read();
  }

  get quality(): ReadonlySignal<MeasuredQuality | null> {
    return this.#quality;
  }

  /**
   * Declines the offer to send only sound. The offer returns only after quality has improved and
   * become poor again.
   */
  declineSoundOnly(): void {
    this.#declined = this.#steady?.sinceMs ?? null;
    const quality = this.#quality.value;
    if (quality !== null) this.#quality.value = { ...quality, offersSoundOnly: false };
  }

  stop(): void {
    this.#stopped = true;
    this.#unfollow();
    this.#cancel?.();
  }

  async #read(): Promise<void> {
    const reports = await this.#link.reports().catch(() => null);
    if (this.#stopped) return;
    const way = reports === null ? null : wayOf(reports);
    if (way !== null && this.#isRelayed !== (way === 'relay')) {
      this.#isRelayed = !this.#isRelayed;
      this.#limitVideo();
    }
    const stats = reports === null ? null : linkStatsOf(reports);
    if (stats !== null) this.#take({ atMs: this.#ports.clock.monotonicMs(), stats });
    this.#cancel = this.#ports.scheduler.after(QUALITY_EVERY_MS, () => void this.#read());
  }

  #take(reading: Reading): void {
    const last = this.#readings.at(-1);
    // If the machine slept or the page was in the background, the earlier readings are discarded.
    const slept = last !== undefined && reading.atMs - last.atMs > QUALITY_WINDOW_MS;
    // The counters are lower than before, because some browsers reset them at an ICE restart.
    const anew = last !== undefined && reading.stats.packetsReceived < last.stats.packetsReceived;
    if (slept || anew) {
      this.#readings = [];
      this.#cameAtMs = null;
    }
    const windowFromMs = reading.atMs - QUALITY_WINDOW_MS;
    this.#readings = [...this.#readings.filter(({ atMs }) => atMs >= windowFromMs), reading];
    this.#watchStall(reading, slept || anew ? undefined : last);
    const oldest = this.#readings[0];
    if (oldest === undefined || oldest === reading || this.#stalled) return;
    this.#judge(oldest, reading);
  }

  #watchStall({ atMs, stats }: Reading, last: Reading | undefined): void {
    if (last === undefined) return;
    const packets = stats.packetsReceived - last.stats.packetsReceived;
    if (packets >= STREAM_PACKETS_MIN || (packets > 0 && this.#cameAtMs !== null)) {
      this.#cameAtMs = atMs;
    }
    const stalled =
      this.#cameAtMs !== null &&
      atMs - this.#cameAtMs >= STALLED_AFTER_MS &&
      this.#ports.expectsMedia();
    if (stalled === this.#stalled) return;
    this.#stalled = stalled;
    this.#readings = this.#readings.slice(-1);
    this.#link.setStalled(stalled);
  }

  #judge(oldest: Reading, newest: Reading): void {
    const nowMs = newest.atMs;
    const spanMs = nowMs - oldest.atMs;
    // Statistics from the start of a call aren't representative, so at least half a window is
    // needed.
    if (this.#steady === null && spanMs < QUALITY_WINDOW_MS / 2) return;
    const figures = figuresBetween(oldest.stats, newest.stats, spanMs);
    const measured = levelOf(figures);
    const steady =
      this.#steady === null
        ? firstQuality(measured, nowMs)
        : nextQuality(this.#steady, measured, nowMs);
    this.#steady = steady;
    this.#ladder = climb(this.#ladder, steady.level, nowMs);
    this.#limitVideo();
    this.#quality.value = {
      level: steady.level,
      figures,
      lowered: this.#ladder.step > 0,
      offersSoundOnly:
        steady.level === 'poor' &&
        nowMs - steady.sinceMs >= SOUND_ONLY_AFTER_MS &&
        this.#declined !== steady.sinceMs,
      sentHeight: newest.stats.sentHeight,
    };
  }

  #limitVideo(): void {
    const step = Math.max(this.#ladder.step, this.#ports.savesData() ? SAVING_STEP : 0);
    const kbpsMax = this.#isRelayed ? this.#ports.relayKbpsMax() : null;
    const limits = withinKbps(VIDEO_STEPS[step] ?? null, kbpsMax);
    if (isSame(limits, this.#applied)) return;
    this.#applied = limits;
    this.#link.limitVideo(limits);
  }
}

function isSame(one: VideoLimits | null, other: VideoLimits | null): boolean {
  return (
    one?.bitrateMax === other?.bitrateMax &&
    one?.scaleDownBy === other?.scaleDownBy &&
    one?.framesPerSecondMax === other?.framesPerSecondMax
  );
}
