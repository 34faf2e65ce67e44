import { assertDefined } from '@farandole/kernel/assert';
import type { Certificates } from './certificates.ts';
import { SAME_CALL_WORDS } from './same-call-words.ts';

/** One word for each of the first bytes of the digest: 24 bits in all. */
const WORDS = 3;

/** What is digested, so that a later derivation can differ from this one. */
const NAME = 'farandole same call 1';

/**
 * The words that two people read to each other to learn whether they are in the same call. Both
 * ends of one encrypted connection get the same ones, whoever computes them; a bridge between two
 * people has two connections with a certificate of its own in each, and so two codes.
 *
 * Derived as the first three bytes of SHA-256 over the name above and both fingerprints, sorted,
 * a line each. By chance two codes are the same once in 2^24 calls. That is enough against
 * whoever passes calls on by hand or by a common program, and against a node or a relay that does
 * not know beforehand whom it will have to deceive. It is not enough against somebody who computes
 * for it: with some 2^12 certificates ready for each of the two connections, a pair with equal
 * codes is likely among them, as soon as both people's fingerprints are known.
 *
 * @param sha256 WebCrypto's digest
 */
export async function sameCallWords(
  { own, peer }: Certificates,
  sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>,
): Promise<readonly string[]> {
  const lines = [NAME, ...[own, peer].toSorted()];
  const digest = new Uint8Array(await sha256(new TextEncoder().encode(lines.join('\n'))));
  return Array.from(digest.subarray(0, WORDS), (byte) =>
    assertDefined(SAME_CALL_WORDS[byte], 'a byte is a word'),
  );
}
