import { assertDefined } from '@farandole/kernel/assert';
import type { Certificates } from './certificates.ts';
import { SAME_CALL_WORDS } from './same-call-words.ts';

/** Number of words. Each stands for one byte of the digest: 24 bits in all. */
const WORDS = 3;

/** Digested too, so that a later derivation can differ. */
const NAME = 'farandole same call 1';

/**
 * Derives the words that two users compare to detect a bridge between them. Both ends of one
 * connection compute the same words; a bridge has two connections with different certificates, so
 * the words differ.
 * They are the first three bytes of SHA-256 over NAME and both sorted fingerprints, one a line. Two
 * codes collide once in 2^24 calls by chance. That stops a bridge without preparation. It doesn't
 * stop an attacker who knows both users' fingerprints and has some 2^12 certificates ready for each
 * connection: a pair with equal codes is then likely.
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
