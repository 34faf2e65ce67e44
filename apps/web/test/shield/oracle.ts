import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ShieldEvent, ShieldState } from '../../src/shield/shield-machine.ts';

/** Rules of `src/shield/SPEC.md`. */
export type Rule =
  | 'SH-10'
  | 'SH-11'
  | 'SH-12'
  | 'SH-13'
  | 'SH-14'
  | 'SH-15'
  | 'SH-16'
  | 'SH-17'
  | 'SH-20'
  | 'SH-21'
  | 'SH-22'
  | 'SH-23'
  | 'SH-24';

interface Sample {
  readonly explicit: number;
  readonly inTime: boolean;
}

const OPEN: ReadonlySet<ShieldState['state']> = new Set(['clear', 'resumed']);

/**
 * Checks the shield's promises from events alone. States the limits again, so that a changed one is
 * noticed.
 */
export class Oracle {
  readonly #rules: ShieldRules;
  /** Since the machine's last start. */
  #samples: Sample[] = [];
  /** Since the last event that resets the count of clean samples. */
  #cleanRun = 0;
  #unsureRun = 0;
  #lateRun = 0;
  /** Consecutive fast samples since the device was too slow. */
  #swiftRun = 0;
  #consent = false;
  #hidden = false;
  #lookingSinceMs: number | null = null;
  #lastInTimeMs: number | null = null;

  constructor(rules: ShieldRules) {
    this.#rules = rules;
  }

  /** @returns the first rule that this step breaks, or null */
  judge(before: ShieldState, event: ShieldEvent, after: ShieldState, nowMs: number): Rule | null {
    if (before.state === 'left') return after === before ? null : 'SH-17';
    this.#remember(before, event, nowMs);
    const wasOpen = OPEN.has(before.state);
    const isOpen = OPEN.has(after.state);
    if (isOpen && (!this.#consent || this.#hidden)) return this.#hidden ? 'SH-16' : 'SH-11';
    const change = this.#judgeChange(before, event, after, nowMs);
    if (change !== null) return change;
    if (isOpen && !wasOpen && before.state !== 'flagged') {
      if (this.#cleanRun < 3) return 'SH-11';
      if (!this.#isSeen(nowMs)) return 'SH-22';
    }
    if (event.event === 'verdict') return this.#judgeVerdict(before, event.takenAtMs, after, nowMs);
    if (event.event === 'tick') return this.#judgeTick(before, after, nowMs);
    return null;
  }

  #remember(before: ShieldState, event: ShieldEvent, nowMs: number): void {
    switch (event.event) {
      case 'verdict': {
        const { hentai, porn } = event.scores;
        const explicit = hentai + porn;
        const inTime = nowMs - event.takenAtMs <= 1_500;
        this.#samples.push({ explicit, inTime });
        const isClean = inTime && explicit < this.#rules.cleanBelow;
        this.#cleanRun = isClean ? this.#cleanRun + 1 : 0;
        this.#unsureRun =
          isClean || !inTime || before.state !== 'covered' ? 0 : this.#unsureRun + 1;
        this.#lateRun = inTime ? 0 : this.#lateRun + 1;
        const isSwift = before.state === 'unavailable' && nowMs - event.takenAtMs <= 750;
        this.#swiftRun = isSwift ? this.#swiftRun + 1 : 0;
        if (inTime && this.#lookingSinceMs !== null) this.#lastInTimeMs = event.takenAtMs;
        return;
      }
      case 'consent':
        this.#consent = event.consent;
        return;
      case 'hidden':
        this.#hidden = event.hidden;
        if (!event.hidden) return;
        this.#lookingSinceMs = null;
        if (before.state !== 'flagged' && before.state !== 'unavailable') this.#begin();
        return;
      case 'looking':
        this.#lookingSinceMs = event.sampling && !this.#hidden ? nowMs : null;
        this.#lastInTimeMs = this.#lookingSinceMs;
        return;
      case 'classifier-ready':
        if (before.state === 'loading') this.#begin(nowMs);
        return;
      case 'no-picture':
        if (before.state === 'covered' || OPEN.has(before.state)) this.#begin(nowMs);
        return;
      case 'resume':
        if (before.state !== 'flagged' || this.#hidden || !this.#rules.mayResume) return;
        this.#consent = true;
        this.#cleanRun = 0;
        if (this.#lookingSinceMs === null) this.#lookingSinceMs = nowMs;
        this.#lastInTimeMs = nowMs;
        return;
      case 'retry':
        if (before.state !== 'unavailable') return;
        this.#begin();
        this.#lateRun = 0;
        return;
      case 'classifier-failed':
      case 'leave':
      case 'tick':
        return;
      default:
        event satisfies never;
    }
  }

  #begin(nowMs: number | null = null): void {
    this.#samples = [];
    this.#cleanRun = 0;
    this.#unsureRun = 0;
    if (nowMs !== null && this.#lookingSinceMs !== null) this.#lastInTimeMs = nowMs;
  }

  /** Whether the last timely sample is recent enough. */
  #isSeen(nowMs: number): boolean {
    const seenAtMs = this.#lastInTimeMs ?? this.#lookingSinceMs;
    return this.#lookingSinceMs !== null && seenAtMs !== null && nowMs - seenAtMs < 2_500;
  }

  #judgeChange(
    before: ShieldState,
    event: ShieldEvent,
    after: ShieldState,
    nowMs: number,
  ): Rule | null {
    const wasOpen = OPEN.has(before.state);
    const isOpen = OPEN.has(after.state);
    switch (event.event) {
      case 'leave':
        return after.state === 'left' ? null : 'SH-17';
      case 'classifier-failed':
        return after.state === 'unavailable' && after.why === event.why ? null : 'SH-20';
      case 'hidden':
        return event.hidden && isOpen ? 'SH-16' : null;
      case 'no-picture':
        return isOpen || (after.state === 'unavailable' && before.state !== 'unavailable')
          ? 'SH-23'
          : null;
      case 'consent':
        if (!event.consent) return isOpen ? 'SH-15' : null;
        if (before.state !== 'covered' || this.#hidden) return null;
        return this.#cleanRun >= 3 && this.#isSeen(nowMs) && !isOpen ? 'SH-15' : null;
      case 'resume': {
        const may = before.state === 'flagged' && this.#rules.mayResume && !this.#hidden;
        return may === isOpen || wasOpen ? null : 'SH-13';
      }
      case 'retry':
        return before.state === 'unavailable' && after.state !== 'loading' ? 'SH-20' : null;
      case 'classifier-ready':
        return before.state === 'loading' && after.state !== 'covered' ? 'SH-20' : null;
      case 'verdict':
      case 'looking':
      case 'tick':
        return null;
      default:
        return event satisfies never;
    }
  }

  #judgeVerdict(
    before: ShieldState,
    takenAtMs: number,
    after: ShieldState,
    nowMs: number,
  ): Rule | null {
    const isOpen = OPEN.has(after.state);
    if (before.state === 'flagged') return after.state === 'flagged' ? null : 'SH-13';
    if (before.state === 'loading') return after.state === 'loading' ? null : 'SH-20';
    if (before.state === 'unavailable') return this.#judgeMeasured(before, after, nowMs);
    if (before.state === 'resumed' && after.state === 'flagged') return 'SH-14';
    const isLate = nowMs - takenAtMs > 1_500;
    const last = this.#samples.slice(-2);
    const [older, newer] = last;
    const isExplicit =
      older !== undefined &&
      newer !== undefined &&
      (older.explicit + newer.explicit) / 2 >= this.#rules.explicitAt;
    if (before.state !== 'resumed' && isExplicit) return after.state === 'flagged' ? null : 'SH-12';
    if (this.#lateRun >= 3) return after.state === 'unavailable' ? null : 'SH-21';
    if (isLate) return after.state === 'covered' ? null : 'SH-21';
    if (after.state === 'unavailable') return 'SH-21';
    const isUnsure = before.state === 'covered' && this.#unsureRun >= 8;
    if (isUnsure !== (after.state === 'flagged')) return 'SH-12';
    if (isUnsure) return null;
    if (before.state === 'resumed') {
      return (after.state === 'clear') === this.#cleanRun >= 3 ? null : 'SH-14';
    }
    if (before.state === 'clear') return isOpen ? null : 'SH-12';
    const mayOpen = this.#consent && !this.#hidden && this.#isSeen(nowMs);
    const shouldOpen = this.#cleanRun >= 3 && mayOpen;
    return shouldOpen === isOpen ? null : 'SH-11';
  }

  /** Only a device that was too slow recovers on its own, with no earlier samples. */
  #judgeMeasured(
    before: Extract<ShieldState, { state: 'unavailable' }>,
    after: ShieldState,
    nowMs: number,
  ): Rule | null {
    if (before.why !== 'too-slow') return after.state === 'unavailable' ? null : 'SH-20';
    if (this.#swiftRun < 2) return after.state === 'unavailable' ? null : 'SH-24';
    this.#begin(nowMs);
    this.#swiftRun = 0;
    return after.state === 'covered' ? null : 'SH-24';
  }

  #judgeTick(before: ShieldState, after: ShieldState, nowMs: number): Rule | null {
    const unseenMs =
      this.#lookingSinceMs === null ? null : nowMs - (this.#lastInTimeMs ?? this.#lookingSinceMs);
    if (OPEN.has(before.state)) {
      const isStale = unseenMs !== null && unseenMs >= 2_500;
      if (isStale) {
        this.#cleanRun = 0;
        this.#unsureRun = 0;
      }
      return isStale === (after.state === 'covered') ? null : 'SH-22';
    }
    if (before.state === 'covered') {
      const isSlow = unseenMs !== null && unseenMs >= 6_000;
      if (unseenMs !== null && unseenMs >= 2_500) this.#cleanRun = 0;
      return isSlow === (after.state === 'unavailable') ? null : 'SH-21';
    }
    return after.state === before.state ? null : 'SH-10';
  }
}
