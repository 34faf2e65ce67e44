import { assertDefined } from '@farandole/kernel/assert';
import type { Certificates } from './certificates.ts';
import { SAME_CALL_WORDS } from './same-call-words.ts';

/**
 * Number of words in a code that users compare. Each word encodes one byte of a digest, so a code
 * has 24 bits.
 */
const WORDS = 3;

/** Prefix of the hashed text. A different derivation must use another prefix. */
const NAME = 'farandole same call 1';

/**
 * Derives the words that two users compare to detect a man in the middle. Both ends of a
 * connection compute the same words. A man in the middle has two connections with different
 * certificates, so the words of the two users differ. The words are the first three bytes of
 * SHA-256 over `NAME` and both sorted fingerprints, one per line. Two codes are equal by chance
 * once in 2^24 calls. That stops an attacker without preparation. An attacker who knows both
 * users' fingerprints and has about 2^12 certificates ready for each connection will likely find
 * a pair with equal codes.
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
