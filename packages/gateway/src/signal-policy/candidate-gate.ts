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

/**
 * Filters and counts the ICE candidates of one user in a match. When the users' consent to
 * connect directly changes the policy, the node creates a new filter.
 */
export class CandidateGate {
  #policy: SignalPolicy;
  #generation: string | null = null;
  #generations = 0;
  /**
   * Candidate lines that already passed. A repeated line isn't counted, because it reveals
   * nothing new.
   */
  readonly #passed = new Set<string>();
  readonly #foundations = new Map<string, number>();
  readonly #srflxByFamily = new Map<4 | 6, number>();

  constructor(policy: SignalPolicy) {
    this.#policy = policy;
  }

  /**
   * Changes the policy, for example when the user moved to another network. The candidate counts
   * are kept.
   */
  changePolicy(policy: SignalPolicy): void {
    this.#policy = policy;
  }

  /**
   * Called with the ICE credentials of each description. New credentials mean an ICE restart,
   * which resets the candidate counts. The number of resets is limited.
   */
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

  /**
   * Filters one candidate line. The result is always rewritten, never the sender's text. The
   * empty line, which marks the end of candidates, passes.
   */
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
