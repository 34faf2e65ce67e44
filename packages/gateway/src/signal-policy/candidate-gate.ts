import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import { networkCostOf, parseCandidate, serializeCandidate, ufragOf } from './candidate.ts';
import {
  CANDIDATES_PER_GENERATION_MAX,
  ICE_GENERATIONS_PER_MATCH_MAX,
  SRFLX_PER_FAMILY_MAX,
} from './limits.ts';
import type { CandidateRefusal, SignalPolicy } from './policy.ts';
import { judgeCandidate } from './policy.ts';

/** Filters and counts one side's candidates in a match. Consent to direct creates a new gate. */
export class CandidateGate {
  #policy: SignalPolicy;
  #generation: string | null = null;
  #generations = 0;
  /** Repeated lines reveal nothing new and aren't counted. */
  readonly #passed = new Set<string>();
  readonly #foundations = new Map<string, number>();
  readonly #srflxByFamily = new Map<4 | 6, number>();

  constructor(policy: SignalPolicy) {
    this.#policy = policy;
  }

  /** Changes the policy, e.g. when the user moved. Counts are kept. */
  changePolicy(policy: SignalPolicy): void {
    this.#policy = policy;
  }

  /** New credentials mean an ICE restart, which resets the counts a limited number of times. */
  startGeneration(iceUfrags: readonly string[]): void {
    const generation = iceUfrags.join(' ');
    if (generation === this.#generation) return;
    this.#generation = generation;
    if (this.#generations >= ICE_GENERATIONS_PER_MATCH_MAX) return;
    this.#generations += 1;
    this.#passed.clear();
    this.#foundations.clear();
    this.#srflxByFamily.clear();
  }

  /** Returns a rewritten line, never the sender's text. The empty text, which ends them, passes. */
  pass(line: string): Result<string, CandidateRefusal> {
    if (line === '') return ok('');
    const parsed = parseCandidate(line);
    if (!parsed.ok) return parsed;
    const candidate = parsed.value;
    const judged = judgeCandidate(this.#policy, candidate);
    if (!judged.ok) return judged;
    const { type, address, port, family } = judged.value;
    const foundation = this.#foundations.get(candidate.foundation) ?? this.#foundations.size + 1;
    const { priority } = candidate;
    const ufrag = ufragOf(candidate);
    const networkCost = networkCostOf(candidate);
    const allowed = { foundation, priority, address, port, type, ufrag, networkCost };
    const written = serializeCandidate(allowed);
    if (this.#passed.has(written)) return ok(written);
    if (this.#passed.size >= CANDIDATES_PER_GENERATION_MAX) return refused('too-many');
    if (type === 'srflx' && family !== null) {
      const passed = this.#srflxByFamily.get(family) ?? 0;
      if (passed >= SRFLX_PER_FAMILY_MAX) return refused('srflx-second');
      this.#srflxByFamily.set(family, passed + 1);
    }
    this.#foundations.set(candidate.foundation, foundation);
    this.#passed.add(written);
    return ok(written);
  }
}
