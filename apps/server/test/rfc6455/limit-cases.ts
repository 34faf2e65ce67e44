import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { FRAGMENTS_MAX } from '../../src/limits.ts';
import { type Case, first, frame, inParts, last, TOO_LARGE, text } from './case.ts';

const RULE = 'an endpoint may limit sizes, and MUST protect itself (10.4); it says 1009 (7.4.1)';
const OURS = 'no message is larger than 16 KiB (PR-2), and the word is too-large';
const LIMIT = CLIENT_FRAME_BYTES_MAX;

/** A text of a size in parts of one size. */
function partsOf(bytes: number, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(bytes / size) }, (_, at) =>
    '*'.repeat(Math.min(size, bytes - at * size)),
  );
}

/** A header that announces so many bytes, of which none comes. */
function announced(opcode: number, high: number, low: number): Buffer {
  const header = Buffer.alloc(10);
  header.writeUInt16BE(((0x80 | opcode) << 8) | 0xff);
  header.writeUInt32BE(high, 2);
  header.writeUInt32BE(low, 6);
  return header;
}

/** Category 9: large messages. */
export const LIMITS: readonly Case[] = [
  {
    id: '9.1.1',
    what: 'a text at the limit',
    rfc: RULE,
    sends: [text('*'.repeat(LIMIT))],
    expects: { told: ['*'.repeat(LIMIT)] },
  },
  ...([LIMIT + 1, 65_535, 65_536, 262_144, 1_048_576] as const).map(
    (bytes, at): Case => ({
      id: `9.1.${at + 2}`,
      what: `a text of ${bytes} bytes`,
      rfc: RULE,
      ours: OURS,
      sends: [text('*'.repeat(bytes))],
      expects: TOO_LARGE,
    }),
  ),
  ...(
    [
      [0, LIMIT + 1],
      [0, 16_777_216],
      [0, 0xffff_ffff],
      [1, 0],
      [0x001f_ffff, 0xffff_ffff],
      [0x7fff_ffff, 0xffff_ffff],
    ] as const
  ).map(
    ([high, low], at): Case => ({
      id: `9.1.${at + 7}`,
      what: `a text that is only announced, of ${(BigInt(high) << 32n) + BigInt(low)} bytes`,
      rfc: RULE,
      ours: 'it is refused by its header, before a byte of it is kept',
      sends: [announced(1, high, low)],
      expects: TOO_LARGE,
    }),
  ),
  ...([1, 2, FRAGMENTS_MAX] as const).map(
    (parts, at): Case => ({
      id: `9.3.${at + 1}`,
      what: `a text at the limit in parts of ${LIMIT / parts} bytes`,
      rfc: RULE,
      sends:
        parts === 1 ? [first('*'.repeat(LIMIT)), last('')] : inParts(partsOf(LIMIT, LIMIT / parts)),
      expects: { told: ['*'.repeat(LIMIT)] },
    }),
  ),
  {
    id: '9.3.4',
    what: 'a text one byte over the limit, in two parts',
    rfc: RULE,
    ours: OURS,
    sends: [first('*'.repeat(LIMIT)), last('*')],
    expects: TOO_LARGE,
  },
  {
    id: '9.3.5',
    what: `a text in ${FRAGMENTS_MAX + 1} parts of a byte`,
    rfc: RULE,
    ours: 'a page sends one part; so many are a way to take memory',
    sends: inParts(partsOf(FRAGMENTS_MAX + 1, 1)),
    expects: TOO_LARGE,
  },
  {
    id: '9.3.6',
    what: 'a message that never ends, of empty parts',
    rfc: RULE,
    ours: 'empty parts count as parts',
    sends: [
      first(''),
      ...Array.from({ length: FRAGMENTS_MAX }, () => frame('continuation', '', { isFinal: false })),
    ],
    expects: TOO_LARGE,
  },
  ...([997, 4_096] as const).map(
    (octets, at): Case => ({
      id: `9.5.${at + 1}`,
      what: `a text at the limit, ${octets} octets at a time`,
      rfc: 'frames are found however the bytes are dealt out (5.2)',
      sends: [text('*'.repeat(LIMIT))],
      octets,
      expects: { told: ['*'.repeat(LIMIT)] },
    }),
  ),
  {
    id: '9.7.1',
    what: 'two hundred short texts in one write',
    rfc: 'each frame is a message, however many come together (5.2)',
    sends: Array.from({ length: 200 }, (_, n) => text(`message ${n}`)),
    expects: { told: Array.from({ length: 200 }, (_, n) => `message ${n}`) },
  },
  {
    id: '9.7.2',
    what: 'two hundred short texts, 11 octets at a time',
    rfc: 'each frame is a message, wherever it is parted (5.2)',
    sends: Array.from({ length: 200 }, (_, n) => text(`message ${n}`)),
    octets: 11,
    expects: { told: Array.from({ length: 200 }, (_, n) => `message ${n}`) },
  },
];

/** Category 10: what an intermediary may do to a message. */
export const MISCELLANEOUS: readonly Case[] = [
  {
    id: '10.1.1',
    what: 'a text of 16,000 bytes that was parted on the way, into pieces of 1,300',
    rfc: 'an intermediary may part a message (5.4)',
    sends: inParts(partsOf(16_000, 1_300)),
    expects: { told: ['*'.repeat(16_000)] },
  },
  {
    id: '10.1.2',
    what: 'a text of 65,536 bytes in pieces of 1,300',
    rfc: RULE,
    ours: OURS,
    sends: inParts(partsOf(65_536, 1_300)),
    expects: TOO_LARGE,
  },
];
