import {
  type Case,
  first,
  frame,
  IN_OUR_WORDS,
  inParts,
  last,
  MALFORMED,
  middle,
  text,
} from './case.ts';

const hex = (bytes: string): Buffer => Buffer.from(bytes, 'hex');

const RULE = 'a text that is not UTF-8 MUST fail the connection (8.1)';
const KEPT = 'UTF-8 is that of RFC 3629, in which each character has one form (8.1)';

/** "κόσμε", in which two characters have two bytes and one has three. */
const GREEK = 'κόσμε';
const GREEK_BYTES = Buffer.from(GREEK);

/** The sequences of Markus Kuhn's stress test, by what is right or wrong in them. */
const VALID: readonly (readonly [id: string, what: string, bytes: string])[] = [
  ['6.5.1', 'the first of one byte that is not zero', '01'],
  ['6.6.1', 'the first of one byte', '00'],
  ['6.6.2', 'the first of two bytes', 'c280'],
  ['6.6.3', 'the first of three', 'e0a080'],
  ['6.6.4', 'the first of four', 'f0908080'],
  ['6.7.1', 'the last of one byte', '7f'],
  ['6.7.2', 'the last of two', 'dfbf'],
  ['6.7.3', 'the last of three', 'efbfbf'],
  ['6.7.4', 'the last of all', 'f48fbfbf'],
  ['6.9.1', 'the one before the surrogates', 'ed9fbf'],
  ['6.9.2', 'the one after them', 'ee8080'],
  ['6.9.3', 'the replacement character', 'efbfbd'],
  ['6.11.1', 'a byte order mark, which is kept', 'efbbbf61'],
  ['6.22.1', 'a non-character, U+FFFE', 'efbfbe'],
  ['6.22.2', 'a non-character, U+1FFFF', 'f09fbfbf'],
  ['6.23.1', 'a character above the basic plane', 'f09f918b'],
];

const INVALID: readonly (readonly [id: string, what: string, bytes: string])[] = [
  ['6.3.1', 'a surrogate within Greek', 'cebae1bdb9cf83cebcceb5eda080656469746564'],
  ['6.8.1', 'a first byte of five', 'f888808080'],
  ['6.8.2', 'a first byte of six', 'fc8480808080'],
  ['6.10.1', 'one above the last of all', 'f4908080'],
  ['6.12.1', 'a continuation byte alone', '80'],
  ['6.12.2', 'the last continuation byte alone', 'bf'],
  ['6.12.3', 'a run of them', '808182bebf'],
  ['6.13.1', 'the first byte of two, then a space', 'c320'],
  ['6.13.2', 'the first byte of three, then a space', 'e320'],
  ['6.13.3', 'the first byte of four, then a space', 'f320'],
  ['6.14.1', 'two bytes, the last missing', 'c3'],
  ['6.14.2', 'three bytes, the last missing', 'e282'],
  ['6.14.3', 'four bytes, the last missing', 'f09f91'],
  ['6.15.1', 'several that break off, one after the other', 'c3e282f09f91'],
  ['6.16.1', 'the impossible byte fe', 'fe'],
  ['6.16.2', 'the impossible byte ff', 'ff'],
  ['6.16.3', 'the impossible bytes c0 and c1', 'c0afc1bf'],
  ['6.17.1', 'a slash in two bytes', 'c0af'],
  ['6.17.2', 'a slash in three', 'e080af'],
  ['6.17.3', 'a slash in four', 'f08080af'],
  ['6.18.1', 'the longest of those in two', 'c1bf'],
  ['6.18.2', 'the longest of those in three', 'e09fbf'],
  ['6.18.3', 'the longest of those in four', 'f08fbfbf'],
  ['6.19.1', 'a zero in two bytes', 'c080'],
  ['6.19.2', 'a zero in three', 'e08080'],
  ['6.20.1', 'the first high surrogate', 'eda080'],
  ['6.20.2', 'the last high surrogate', 'edafbf'],
  ['6.20.3', 'the first low surrogate', 'edb080'],
  ['6.20.4', 'the last low surrogate', 'edbfbf'],
  ['6.21.1', 'a pair of surrogates', 'eda080edb080'],
  ['6.21.2', 'the last pair of them', 'edafbfedbfbf'],
];

/** Category 6: text is UTF-8. */
export const UTF8: readonly Case[] = [
  {
    id: '6.1.1',
    what: 'an empty text',
    rfc: 'it is UTF-8 (8.1)',
    sends: [text('')],
    expects: { told: [''] },
  },
  {
    id: '6.1.2',
    what: 'three empty parts',
    rfc: 'their message is empty, and UTF-8 (8.1)',
    sends: inParts(['', '', '']),
    expects: { told: [''] },
  },
  {
    id: '6.1.3',
    what: 'empty parts around one with text',
    rfc: 'a message is its parts, joined (5.4)',
    sends: inParts(['', 'middle payload', '']),
    expects: { told: ['middle payload'] },
  },
  {
    id: '6.2.1',
    what: 'Greek in one frame',
    rfc: KEPT,
    sends: [text(GREEK)],
    expects: { told: [GREEK] },
  },
  {
    id: '6.2.2',
    what: 'Greek in two parts, between two characters',
    rfc: KEPT,
    sends: inParts(['κό', 'σμε']),
    expects: { told: [GREEK] },
  },
  ...Array.from(
    { length: GREEK_BYTES.length - 1 },
    (_, at): Case => ({
      id: '6.2.3',
      what: `Greek in two parts, after byte ${at + 1}`,
      rfc: 'a part may end within a character, since only the message is UTF-8 (5.6, 8.1)',
      sends: inParts([GREEK_BYTES.subarray(0, at + 1), GREEK_BYTES.subarray(at + 1)]),
      expects: { told: [GREEK] },
    }),
  ),
  {
    id: '6.2.4',
    what: 'Greek in a part a byte',
    rfc: 'a part may end within a character (5.6, 8.1)',
    sends: inParts(Array.from(GREEK_BYTES, (byte) => Buffer.of(byte))),
    expects: { told: [GREEK] },
  },
  {
    id: '6.2.5',
    what: 'a ping within a character',
    rfc: 'control frames may come between parts (5.4)',
    sends: [first(GREEK_BYTES.subarray(0, 1)), frame('ping', 'x'), last(GREEK_BYTES.subarray(1))],
    expects: { told: [GREEK], pongs: ['x'] },
  },
  ...VALID.map(
    ([id, what, bytes]): Case => ({
      id,
      what,
      rfc: KEPT,
      sends: [text(hex(bytes))],
      expects: { told: [new TextDecoder('utf-8', { ignoreBOM: true }).decode(hex(bytes))] },
    }),
  ),
  ...INVALID.map(
    ([id, what, bytes]): Case => ({
      id,
      what,
      rfc: RULE,
      ours: IN_OUR_WORDS,
      sends: [text('valid'), text(hex(bytes)), text('after')],
      expects: { told: ['valid'], ...MALFORMED },
    }),
  ),
  ...INVALID.map(
    ([id, what, bytes]): Case => ({
      id,
      what: `${what}, in a part a byte`,
      rfc: RULE,
      ours: IN_OUR_WORDS,
      sends: inParts([...Array.from(hex(bytes), (byte) => Buffer.of(byte)), '']).slice(-16),
      expects: MALFORMED,
    }),
  ).filter(({ sends }) => sends.length < 16),
  {
    id: '6.4.1',
    what: 'a part that no later one can make UTF-8, then the rest',
    rfc: `${RULE}; how early is left open`,
    ours: 'at the end of the message, of which no more is kept than may be',
    sends: [first(hex('cebaf4908080')), middle('edited'), last('')],
    expects: MALFORMED,
  },
  {
    id: '6.4.2',
    what: 'the same, octet by octet',
    rfc: `${RULE}; how early is left open`,
    ours: 'at the end of the message',
    sends: [text(hex('cebaf4908080'))],
    octets: 1,
    expects: MALFORMED,
  },
  {
    id: '6.4.3',
    what: 'a close within a text that is no UTF-8 so far',
    rfc: 'the message never came to its end, and the close is a close (5.5.1)',
    sends: [first(hex('f4908080')), frame('close', Buffer.of(0x03, 0xe8))],
    expects: { closes: { code: 1000, reason: '', told: 1000 } },
  },
];
