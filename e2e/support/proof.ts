import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';

/**
 * Solves the challenge in an answer of the server to a request for a session ticket.
 * @returns the proof to repeat the request with; null if the answer has no challenge
 */
export async function proofFor(answer: unknown): Promise<object | null> {
  const { challenge } = answer as { readonly challenge?: Challenge };
  if (challenge === undefined) return null;
  const solution = await solveChallenge({ challenge, deriveKey });
  if (solution === null) throw new Error('the challenge was not solved in time');
  return { challenge, solution };
}
