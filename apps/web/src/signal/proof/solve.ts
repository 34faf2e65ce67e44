import type { Proof, ProofNeededReply } from '@farandole/protocol/http-api';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { PROGRESS_EVERY_MS, PROOF_WITHIN_MS } from './limits.ts';

/**
 * Solves a challenge by trying numbers. Other code can run between two tries.
 * @param progress called with the number of tries made ÷ the maximum, from 0 to 1
 * @param nowMs returns a monotonic time in ms
 * @throws ProofError if the solution isn't found in time
 */
export async function solve(
  { challenge, attemptsMax }: ProofNeededReply,
  progress: (share: number) => void,
  nowMs = () => performance.now(),
): Promise<Proof> {
  let attempts = 0;
  let reportedMs = nowMs();
  const solution = await solveChallenge({
    challenge,
    timeout: PROOF_WITHIN_MS,
    deriveKey: (...tried) => {
      attempts += 1;
      if (nowMs() - reportedMs >= PROGRESS_EVERY_MS) {
        reportedMs = nowMs();
        progress(Math.min(1, attempts / attemptsMax));
      }
      return deriveKey(...tried);
    },
  });
  if (solution === null) throw new ProofError('the challenge was not solved in time');
  const { counter, derivedKey } = solution;
  return { challenge, solution: { counter, derivedKey } };
}

export class ProofError extends Error {
  override readonly name = 'ProofError';
}
