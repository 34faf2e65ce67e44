import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import {
  type Case,
  first,
  frame,
  IN_OUR_WORDS,
  inParts,
  last,
  MALFORMED,
  middle,
  TOO_LARGE,
  text,
} from './case.ts';

const LENGTHS = [0, 125, 126, 127, 128, 1_024, 16_383, CLIENT_FRAME_BYTES_MAX] as const;
const LENGTH_RULE = 'a payload’s length has three forms (5.2)';
const BINARY_RULE = 'an endpoint may refuse a type of data that it cannot accept, by 1003 (7.4.1)';

/** Category 1: one frame of each type and of each form of the length. */
export const FRAMING: readonly Case[] = [
  ...LENGTHS.map((length, at): Case => {
    const payload = '*'.repeat(length);
    return {
      id: `1.1.${at + 1}`,
      what: `text of ${length} bytes`,
      rfc: LENGTH_RULE,
      sends: [text(payload)],
      expects: { told: [payload] },
    };
  }),
  {
    id: '1.1.9',
    what: 'text of 128 bytes, 7 octets at a time',
    rfc: 'frames are found however the bytes are dealt out (5.2)',
    sends: [text('*'.repeat(128))],
    octets: 7,
    expects: { told: ['*'.repeat(128)] },
  },
  ...([0, 125, 126, 128, CLIENT_FRAME_BYTES_MAX] as const).map(
    (length, at): Case => ({
      id: `1.2.${at + 1}`,
      what: `binary of ${length} bytes`,
      rfc: BINARY_RULE,
      ours: `nothing here is binary; ${IN_OUR_WORDS}`,
      sends: [frame('binary', 'x'.repeat(length))],
      expects: MALFORMED,
    }),
  ),
  {
    id: '1.3.1',
    what: 'a frame that is not masked',
    rfc: 'a server MUST close upon a frame that is not masked (5.1)',
    ours: IN_OUR_WORDS,
    sends: [frame('text', 'hello', { mask: null })],
    expects: MALFORMED,
  },
  {
    id: '1.3.2',
    what: 'a close frame that is not masked',
    rfc: 'a server MUST close upon a frame that is not masked (5.1)',
    ours: IN_OUR_WORDS,
    sends: [frame('close', Buffer.of(0x03, 0xe8), { mask: null })],
    expects: MALFORMED,
  },
  ...([Buffer.alloc(4), Buffer.alloc(4, 0xff), Buffer.of(1, 0, 0, 0x80)] as const).map(
    (mask, at): Case => ({
      id: `1.3.${at + 3}`,
      what: `masked with ${mask.toString('hex')}`,
      rfc: 'any 32 bits are a masking key (5.3)',
      sends: [frame('text', 'hello é', { mask })],
      expects: { told: ['hello é'] },
    }),
  ),
  ...([3, 9] as const).map(
    (lengthBytes, at): Case => ({
      id: `1.4.${at + 1}`,
      what: `a short length written in ${lengthBytes} bytes`,
      rfc: 'the sender MUST use the fewest bytes, and the receiver’s answer is left open (5.2)',
      ours: 'it is read: the longer form says nothing else',
      sends: [frame('text', 'hello', { lengthBytes })],
      expects: { told: ['hello'] },
    }),
  ),
  {
    id: '1.4.3',
    what: 'a length whose most significant bit is set',
    rfc: 'the most significant bit MUST be 0 (5.2)',
    ours: 'it is refused as the size that it would be',
    sends: [Buffer.of(0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1)],
    expects: TOO_LARGE,
  },
];

/** Category 3: reserved bits, which an extension would give a meaning. */
export const RESERVED_BITS: readonly Case[] = (
  [
    ['text', 1, [frame('text', 'hello', { reserved: 1 })]],
    ['text', 2, [frame('text', 'hello', { reserved: 2 })]],
    ['text after text', 3, [text('before'), frame('text', 'hello', { reserved: 3 })]],
    ['text after text and a ping', 4, [text('before'), frame('text', 'hello', { reserved: 4 })]],
    ['binary', 5, [frame('binary', 'hello', { reserved: 5 })]],
    ['a ping', 6, [frame('ping', 'hello', { reserved: 6 })]],
    ['a close', 7, [frame('close', '', { reserved: 7 })]],
    ['a continuation', 4, [first('be'), frame('continuation', 'fore', { reserved: 4 })]],
  ] as const
).map(
  ([what, bits, sends], at): Case => ({
    id: `3.${at + 1}`,
    what: `reserved bits ${bits.toString(2).padStart(3, '0')} on ${what}`,
    rfc: 'MUST fail the connection where no extension was agreed on (5.2)',
    ours: IN_OUR_WORDS,
    sends,
    octets: at === 3 ? 1 : Number.MAX_SAFE_INTEGER,
    expects: { told: what.startsWith('text after') ? ['before'] : [], ...MALFORMED },
  }),
);

/** Category 4: opcodes that mean nothing. */
export const OPCODES: readonly Case[] = (
  [
    ['4.1', 'non-control', [3, 4, 5, 6, 7]],
    ['4.2', 'control', [11, 12, 13, 14, 15]],
  ] as const
).flatMap(([id, kind, opcodes]) =>
  opcodes.flatMap((opcode, at): Case[] => {
    const common = {
      rfc: 'MUST fail the connection upon an unknown opcode (5.2)',
      ours: IN_OUR_WORDS,
    };
    const what = `the reserved ${kind} opcode ${opcode}`;
    return [
      { id: `${id}.${at + 1}`, what, ...common, sends: [frame(opcode)], expects: MALFORMED },
      {
        id: `${id}.${at + 1}`,
        what: `${what} with a payload, after a text and before another`,
        ...common,
        sends: [text('before'), frame(opcode, 'hello'), text('after')],
        expects: { told: ['before'], ...MALFORMED },
      },
    ];
  }),
);

const CONTROL_RULE = 'control frames MUST NOT be fragmented (5.4)';
const NOTHING_RULE = 'a continuation without a message before it is a fault (5.4)';
const MIXED_RULE = 'the parts of two messages MUST NOT be mixed (5.4)';

/** Category 5: messages in parts. */
export const FRAGMENTATION: readonly Case[] = [
  {
    id: '5.1',
    what: 'a ping in two parts',
    rfc: CONTROL_RULE,
    sends: [frame('ping', 'part 1', { isFinal: false }), last('part 2')],
    expects: MALFORMED,
  },
  {
    id: '5.2',
    what: 'a pong in two parts',
    rfc: CONTROL_RULE,
    sends: [frame('pong', 'part 1', { isFinal: false }), last('part 2')],
    expects: MALFORMED,
  },
  ...([Number.MAX_SAFE_INTEGER, 7, 1] as const).map(
    (octets, at): Case => ({
      id: `5.${at + 3}`,
      what: `text in two parts, ${octets > 7 ? 'at once' : `${octets} octets at a time`}`,
      rfc: 'a message is its parts, joined (5.4)',
      sends: inParts(['fragment 1 ', 'fragment 2']),
      octets,
      expects: { told: ['fragment 1 fragment 2'] },
    }),
  ),
  ...([Number.MAX_SAFE_INTEGER, 7, 1] as const).map(
    (octets, at): Case => ({
      id: `5.${at + 6}`,
      what: `a ping between two parts, ${octets > 7 ? 'at once' : `${octets} octets at a time`}`,
      rfc: 'control frames may come between parts, and are answered there (5.4)',
      sends: [first('one '), frame('ping', 'between'), last('message')],
      octets,
      expects: { told: ['one message'], pongs: ['between'] },
    }),
  ),
  ...([true, false] as const).flatMap((isFinal, at): Case[] => [
    {
      id: `5.${at * 3 + 9}`,
      what: `a continuation of nothing, ${isFinal ? 'final' : 'not final'}`,
      rfc: NOTHING_RULE,
      sends: [frame('continuation', 'nothing', { isFinal }), text('after')],
      expects: MALFORMED,
    },
    {
      id: `5.${at * 3 + 10}`,
      what: `a continuation after a whole message, ${isFinal ? 'final' : 'not final'}`,
      rfc: NOTHING_RULE,
      sends: [text('whole'), frame('continuation', 'nothing', { isFinal })],
      expects: { told: ['whole'], ...MALFORMED },
    },
    {
      id: `5.${at * 3 + 11}`,
      what: `a continuation of nothing, octet by octet, ${isFinal ? 'final' : 'not final'}`,
      rfc: NOTHING_RULE,
      sends: [frame('continuation', 'nothing', { isFinal })],
      octets: 1,
      expects: MALFORMED,
    },
  ]),
  {
    id: '5.15',
    what: 'a message in parts, then a continuation of nothing, then a text',
    rfc: NOTHING_RULE,
    sends: [...inParts(['one ', 'message']), middle('nothing'), text('after')],
    expects: { told: ['one message'], ...MALFORMED },
  },
  ...([true, false] as const).map(
    (isFinal, at): Case => ({
      id: `5.${at + 16}`,
      what: `a continuation of nothing (${isFinal ? 'final' : 'not final'}) before a message in parts`,
      rfc: NOTHING_RULE,
      sends: [frame('continuation', 'nothing', { isFinal }), ...inParts(['one ', 'message'])],
      expects: MALFORMED,
    }),
  ),
  {
    id: '5.18',
    what: 'a text within a message in parts',
    rfc: MIXED_RULE,
    sends: [first('one '), text('another')],
    expects: MALFORMED,
  },
  ...([Number.MAX_SAFE_INTEGER, 1] as const).map(
    (octets, at): Case => ({
      id: `5.${at + 19}`,
      what: `two pings within a message of five parts, ${at === 0 ? 'at once' : 'octet by octet'}`,
      rfc: 'control frames may come between parts, and are answered there (5.4)',
      sends: [
        first('a'),
        middle('b'),
        frame('ping', 'one'),
        middle('c'),
        middle('d'),
        frame('ping', 'two'),
        last('e'),
      ],
      octets,
      expects: { told: ['abcde'], pongs: ['one', 'two'] },
    }),
  ),
  {
    id: '5.21',
    what: 'parts without a byte',
    rfc: 'a part may be empty (5.4)',
    sends: inParts(['', '', 'all of it', '']),
    expects: { told: ['all of it'] },
  },
  {
    id: '5.22',
    what: 'a message in parts that begins as binary',
    rfc: BINARY_RULE,
    ours: IN_OUR_WORDS,
    sends: [frame('binary', 'a', { isFinal: false }), last('b')],
    expects: MALFORMED,
  },
];
