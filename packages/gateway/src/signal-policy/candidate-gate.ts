import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import { parseCandidate, serializeCandidate } from './candidate.ts';
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
   * Candidate lines that already passed, at most `CANDIDATES_PER_GENERATION_MAX`. A repeated line
   * isn't counted, because it reveals nothing new. In so short a list, comparing costs less than
   * hashing.
   */
  #passed: string[] = [];
  /** The senders' foundations of these lines. A foundation's number is its index, plus 1. */
  #foundations: string[] = [];
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
    this.#passed = [];
    this.#foundations = [];
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
    const known = this.#foundations.indexOf(candidate.foundation);
    const foundation = known === -1 ? this.#foundations.length + 1 : known + 1;
    const { priority, ufrag, networkCost } = candidate;
    const allowed = { foundation, priority, address, port, type, ufrag, networkCost };
    const written = serializeCandidate(allowed);
    if (this.#passed.includes(written)) return ok(written);
    if (this.#passed.length >= CANDIDATES_PER_GENERATION_MAX) return refused('too-many');
    if (type === 'srflx' && family !== null) {
      const passed = this.#srflxByFamily.get(family) ?? 0;
      if (passed >= SRFLX_PER_FAMILY_MAX) return refused('srflx-second');
      this.#srflxByFamily.set(family, passed + 1);
    }
    if (known === -1) this.#foundations.push(candidate.foundation);
    this.#passed.push(written);
    return ok(written);
  }
}
