import type { Instant } from '@farandole/kernel/clock';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import { QUESTIONS_MAX, QUESTIONS_SPAN_MS } from '@farandole/protocol/limits';
import { questionKey } from '@farandole/protocol/question';
import { ExpiringMap, trustedAgeMs } from './expiring-map.ts';
import {
  ASKERS_REMEMBERED_MAX,
  QUESTION_NETWORKS_MIN,
  QUESTION_REPORTED_FOR_MS,
  QUESTIONS_REPORTED_MAX,
} from './limits.ts';
import type { QuestionFacts } from './people.ts';

interface Asker {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
}

/** Counts the questions of each user, and remembers which questions were reported. */
export class Questions {
  /** Times (monotonic ms) of a user's latest questions, by cookie and by device key. */
  readonly #asked = new ExpiringMap<SubjectId | DeviceKeyId, readonly number[]>(
    QUESTIONS_SPAN_MS,
    ASKERS_REMEMBERED_MAX,
  );
  /** The networks whose users reported a question, by asker and question. */
  readonly #reported: ExpiringMap<string, readonly string[]>;

  constructor(max = QUESTIONS_REPORTED_MAX) {
    this.#reported = new ExpiringMap(QUESTION_REPORTED_FOR_MS, max);
  }

  get size(): number {
    return this.#asked.size + this.#reported.size;
  }

  /** Takes one question of the user. Returns the time in ms until the user may ask again, or 0. */
  take({ subject, device }: Asker, nowMs: number): number {
    const names = [subject, device];
    const recent = names.map((name) => this.#recent(name, nowMs));
    const full = recent.filter(({ length }) => length >= QUESTIONS_MAX);
    if (full.length > 0) {
      return Math.max(...full.map(([oldest = nowMs]) => oldest + QUESTIONS_SPAN_MS - nowMs));
    }
    for (const [at, name] of names.entries()) {
      this.#asked.set(name, [...(recent[at] ?? []), nowMs], nowMs);
    }
    return 0;
  }

  /**
   * Takes what the store knows about the questions of a user. Of the stored and the known times,
   * the longer list counts: after a restart that is the stored one, and otherwise the known one,
   * because it also has the questions that reached nobody.
   */
  load({ subject, device }: Asker, facts: QuestionFacts, now: Instant): void {
    const { monotonicMs, wallMs } = now;
    const ageOf = (atMs: number, max: number): number => trustedAgeMs(atMs, wallMs, max);
    const asked = facts.asked.map((atMs) => monotonicMs - ageOf(atMs, QUESTIONS_SPAN_MS));
    for (const name of [subject, device]) {
      const known = this.#recent(name, monotonicMs);
      if (asked.length > known.length) this.#asked.set(name, asked, monotonicMs);
    }
    for (const { text, network, atMs } of facts.reported) {
      const ageMs = ageOf(atMs, QUESTION_REPORTED_FOR_MS);
      this.report(subject, text, network, monotonicMs, ageMs);
    }
  }

  isWithdrawn(asker: SubjectId, question: string, nowMs: number): boolean {
    const networks = this.#reported.get(keyOf(asker, question), nowMs) ?? [];
    return networks.length >= QUESTION_NETWORKS_MIN;
  }

  /** Notes a report of a question by a user of the network. */
  report(asker: SubjectId, question: string, network: string, nowMs: number, ageMs = 0): void {
    const key = keyOf(asker, question);
    const networks = this.#reported.get(key, nowMs) ?? [];
    if (networks.includes(network) || networks.length >= QUESTION_NETWORKS_MIN) return;
    this.#reported.set(key, [...networks, network], nowMs, ageMs);
  }

  /** Times of the latest questions that still count. */
  #recent(name: SubjectId | DeviceKeyId, nowMs: number): readonly number[] {
    const asked = this.#asked.get(name, nowMs) ?? [];
    return asked.filter((atMs) => nowMs - atMs < QUESTIONS_SPAN_MS);
  }
}

function keyOf(asker: SubjectId, question: string): string {
  return `${asker} ${questionKey(question)}`;
}
