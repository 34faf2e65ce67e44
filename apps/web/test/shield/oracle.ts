import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ShieldEvent, ShieldState } from '../../src/shield/shield-machine.ts';
import type { ShieldView } from '../../src/shield/shield-view.ts';

/** Rules of `src/shield/SPEC.md` that the oracle checks. */
export type Rule =
  | 'SH-10'
  | 'SH-11'
  | 'SH-12'
  | 'SH-12a'
  | 'SH-13'
  | 'SH-14'
  | 'SH-14a'
  | 'SH-14b'
  | 'SH-14c'
  | 'SH-14d'
  | 'SH-14e'
  | 'SH-15'
  | 'SH-16'
  | 'SH-17'
  | 'SH-20'
  | 'SH-21'
  | 'SH-22'
  | 'SH-23'
  | 'SH-24'
  | 'SH-30a'
  | 'SH-30c'
  | 'SH-32'
  | 'SH-32a'
  | 'SH-32b';

interface Sample {
  readonly explicit: number;
  readonly inTime: boolean;
}

const OPEN: ReadonlySet<ShieldState['state']> = new Set(['clear', 'resumed']);

/**
 * Checks the shield's rules from events alone. Repeats the limits as numbers, so that a changed
 * limit fails the test.
 */
export class Oracle {
  readonly #rules: ShieldRules;
  /** Samples since the shield last started its check of the peer. */
  #samples: Sample[] = [];
  /** Number of clean samples since the last event that resets this number. */
  #cleanRun = 0;
  #unsureRun = 0;
  #lateRun = 0;
  /** Number of consecutive fast samples since the shield last reported the device as too slow. */
  #swiftRun = 0;
  /**
   * Mean explicit score of the samples that caused the last flag; null if three clean samples came
   * before Resume.
   */
  #level: number | null = null;
  /**
   * True if `#level` is .9 or more and there were no two consecutive clean samples since the
   * flag.
   */
  #certain = false;
  #resumedAtMs = 0;
  #consent = false;
  #hidden = false;
  #lookingSinceMs: number | null = null;
  #lastInTimeMs: number | null = null;

  constructor(rules: ShieldRules) {
    this.#rules = rules;
  }

  /** @returns the first rule that this step of the shield breaks, or null */
  judge(before: ShieldState, event: ShieldEvent, after: ShieldState, nowMs: number): Rule | null {
    const broken = this.#judgeStep(before, event, after, nowMs);
    if (after.state === 'flagged' && before.state !== 'flagged') {
      // After Resume a single sample can cause a flag, so there may be no mean of two samples.
      this.#level = this.#meanOfTwo() ?? this.#samples.at(-1)?.explicit ?? 0;
      this.#certain = this.#level >= 0.9;
    }
    return broken;
  }

  #judgeStep(
    before: ShieldState,
    event: ShieldEvent,
    after: ShieldState,
    nowMs: number,
  ): Rule | null {
    if (before.state === 'left') return after === before ? null : 'SH-17';
    const isUnsure = before.state === 'covered' && this.#unsureRun >= 8;
    if (isUnsure && event.event === 'resume' && OPEN.has(after.state)) return 'SH-12a';
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

  /** Checks the view that the page shows for a shield state that `judge` has accepted. */
  judgeView(state: ShieldState, { state: said, why, mayResume }: ShieldView): Rule | null {
    if ((said === 'resumed') !== (state.state === 'resumed')) return 'SH-14e';
    const isUnsure = state.state === 'covered' && this.#unsureRun >= 8;
    if (isUnsure !== (said === 'flagged' && why === 'unsure')) return 'SH-12a';
    if (isUnsure && mayResume) return 'SH-12a';
    return state.state === 'flagged' && mayResume !== this.#rules.mayResume ? 'SH-13' : null;
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
        if (this.#cleanRun >= 2) this.#certain = false;
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
      case 'sampling':
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
        if (this.#cleanRun >= 3) this.#level = null;
        this.#resumedAtMs = nowMs;
        this.#cleanRun = 0;
        this.#samples = [];
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

  /** Mean explicit score of the last two samples; null if there are fewer than two. */
  #meanOfTwo(): number | null {
    const [older, newer] = this.#samples.slice(-2);
    if (older === undefined || newer === undefined) return null;
    return (older.explicit + newer.explicit) / 2;
  }

  #begin(nowMs: number | null = null): void {
    this.#samples = [];
    this.#cleanRun = 0;
    this.#unsureRun = 0;
    if (nowMs !== null && this.#lookingSinceMs !== null) this.#lastInTimeMs = nowMs;
  }

  /** Whether the last sample that arrived in time is recent enough to show the peer. */
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
      case 'sampling':
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
    if (before.state === 'resumed') {
      const again = this.#ruleOfAgain(nowMs);
      const kept = this.#level === null ? 'SH-14c' : 'SH-14';
      if (after.state === 'flagged') return again === null ? kept : null;
      if (again !== null) return again;
    }
    const isLate = nowMs - takenAtMs > 1_500;
    const isExplicit = (this.#meanOfTwo() ?? 0) >= this.#rules.explicitAt;
    if (before.state !== 'resumed' && isExplicit) return after.state === 'flagged' ? null : 'SH-12';
    if (this.#lateRun >= 3) return after.state === 'unavailable' ? null : 'SH-21';
    if (isLate) return after.state === 'covered' ? null : 'SH-21';
    if (after.state === 'unavailable') return 'SH-21';
    if (after.state === 'flagged') return 'SH-12';
    if (before.state === 'resumed') {
      return (after.state === 'clear') === this.#cleanRun >= 3 ? null : 'SH-14d';
    }
    if (before.state === 'clear') return isOpen ? null : 'SH-12';
    const mayOpen = this.#consent && !this.#hidden && this.#isSeen(nowMs);
    const shouldOpen = this.#cleanRun >= 3 && mayOpen;
    return shouldOpen === isOpen ? null : 'SH-11';
  }

  /**
   * Returns the rule by which the last sample after Resume causes a flag, or null if it causes
   * none.
   */
  #ruleOfAgain(nowMs: number): Rule | null {
    const [older, newer] = [this.#samples.at(-2), this.#samples.at(-1)];
    if (newer === undefined) return null;
    const level = this.#level;
    if (level === null) {
      return (this.#meanOfTwo() ?? 0) >= this.#rules.explicitAt ? 'SH-14c' : null;
    }
    if (newer.explicit >= level + 0.15) return 'SH-14a';
    const ceiling = Math.min(0.9, level + 0.1);
    const areAtCeiling = newer.explicit >= ceiling && (older?.explicit ?? 0) >= ceiling;
    const isCertain = this.#certain && nowMs - this.#resumedAtMs < 20_000;
    return areAtCeiling && !isCertain ? 'SH-14b' : null;
  }

  /**
   * Checks a step from the state `unavailable`. Without a retry the shield may leave this state
   * only on a device that was too slow, and then earlier samples don't count.
   */
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
