/**
 * Close codes that Bun sends after an unreadable frame (RFC 6455, section 7.4.1), by the protocol's
 * close code. The node's handler hears the protocol's code on both runtimes.
 */
const CLOSES_OF_BUN: ReadonlyMap<number, readonly number[]> = new Map([
  [4400, [1002, 1007]],
  [4413, [1009]],
]);

export function isCloseOfBun(expected: number | null, given: number | null): boolean {
  if (expected === null || given === null) return false;
  return CLOSES_OF_BUN.get(expected)?.includes(given) ?? false;
}

type Bounded = readonly [what: string, bound: string];

/** Cases in which Bun differs from `ws`, each with what bounds the harm. */
export const DIFFERS_ON_BUN: ReadonlyMap<string, string> = new Map([
  ...['16385', '4294967296', '9223372036854775807', '9223372036854775809'].map(
    (bytes): Bounded => [
      `refuses a text of ${bytes} bytes at its header`,
      'Bun refuses the frame once the four bytes of its mask have come, and stores 14 bytes until then',
    ],
  ),
  [
    'refuses one part more',
    'Bun counts no parts; together they may have as many bytes as one message',
  ],
  [
    'refuses a thousand empty parts',
    'Bun stores nothing of an empty part, and reads 10 million of them (60 MB) in 0.1 s of CPU time',
  ],
]);
