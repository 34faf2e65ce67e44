import type { Proof, ProofChallenge, ProofNeededReply } from '@farandole/protocol/http-api';
import { CappedMap, createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { PROOF_ITERATIONS, PROOF_LIFETIME_MS, USED_PROOFS_MAX } from '../limits.ts';

export interface ProofOfWorkOptions {
  /**
   * Returns the secret that signs the challenges of a network. It is the same on all nodes, and
   * outlasts a rotation of the keys, which may come while a client solves a challenge.
   */
  readonly secretOf: (network: string) => string;
  /** Returns the machine's date, by which `altcha-lib` checks expiry. */
  readonly machineMs: () => number;
  /**
   * Uses the signature of a challenge up on all other nodes, and returns whether it was unused. A
   * server with one node has none.
   */
  readonly isUnused?: (signature: string) => Promise<boolean>;
}

/**
 * Makes and verifies proofs of work in the format of ALTCHA. The key that signs a challenge depends
 * on the network, so that a challenge solved elsewhere is worthless.
 */
export class ProofOfWork {
  readonly #options: ProofOfWorkOptions;
  /**
   * Signatures of the challenges whose proofs were accepted. Above the limit the oldest one is
   * forgotten. To reuse its proof, an attacker would have to solve this many other challenges.
   */
  readonly #used: CappedMap<string, true>;

  constructor(options: ProofOfWorkOptions, usedMax = USED_PROOFS_MAX) {
    this.#options = options;
    this.#used = new CappedMap({ maxSize: usedMax });
  }

  get size(): number {
    return this.#used.size;
  }

  /** @param attemptsMax number of attempts within which a client certainly finds the solution */
  async challenge(network: string, attemptsMax: number): Promise<ProofNeededReply> {
    const secret = this.#options.secretOf(network);
    // The server chooses the solution, because the search for an unknown one has no upper limit.
    const counter = randomInt(attemptsMax - 1, Math.floor(attemptsMax / 2));
    const challenge = await createChallenge({
      algorithm: 'PBKDF2/SHA-256',
      cost: PROOF_ITERATIONS,
      counter,
      deriveKey,
      expiresAt: new Date(this.#options.machineMs() + PROOF_LIFETIME_MS),
      hmacSignatureSecret: secret,
      hmacKeySignatureSecret: secret,
    });
    return { challenge: challenge as ProofChallenge, attemptsMax };
  }

  /** Returns whether a proof is valid. A valid proof is accepted only once, on one node. */
  async accepts(network: string, proof: unknown): Promise<boolean> {
    if (!hasShape(proof)) return false;
    const { challenge, solution } = proof;
    const { secretOf, isUnused } = this.#options;
    const secret = secretOf(network);
    const { verified } = await verifySolution({
      challenge,
      solution,
      deriveKey,
      hmacSignatureSecret: secret,
      hmacKeySignatureSecret: secret,
    });
    const { signature } = challenge;
    if (!verified || !this.#used.setIfAbsent(signature, true)) return false;
    return isUnused === undefined || (await isUnused(signature));
  }
}

/** Checks only the fields that `verifySolution` reads before it has verified the signature. */
function hasShape(proof: unknown): proof is Proof {
  if (!isObject(proof)) return false;
  const { challenge, solution } = proof;
  return (
    isObject(challenge) &&
    isObject(challenge['parameters']) &&
    typeof challenge['signature'] === 'string' &&
    isObject(solution)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
