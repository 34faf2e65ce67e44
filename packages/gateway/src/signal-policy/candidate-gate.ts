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
 * The only way for a candidate from one side of a match to the other: one gate a side a match,
 * since it counts. When both consent to connect directly, the side gets a new gate.
 */
export class CandidateGate {
  #policy: SignalPolicy;
  #generation: string | null = null;
  #generations = 0;
  /** Lines already let through: a repeated one shows nothing new and costs nothing. */
  readonly #passed = new Set<string>();
  readonly #foundations = new Map<string, number>();
  readonly #srflxByFamily = new Map<4 | 6, number>();

  constructor(policy: SignalPolicy) {
    this.#policy = policy;
  }

  /** Another policy from here on, as for a person who has moved. What was counted stays counted. */
  changePolicy(policy: SignalPolicy): void {
    this.#policy = policy;
  }

  /**
   * Says which ICE credentials the side's description now names. New ones are an ICE restart: the
   * browser gathers again, maybe on another network, so the counts start again — a limited number
   * of times, or restarting would be a way around them.
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
   * The line that the other side gets, or why it gets none. Nothing of the sender's text is
   * echoed: what passes was parsed, judged and written anew. The empty text, which says that no
   * more candidates come, passes as it is.
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
