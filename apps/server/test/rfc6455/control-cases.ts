import { CLIENT_PINGS_MAX } from '../../src/limits.ts';
import { closeFrame } from '../support/web-socket-bytes.ts';
import {
  type Case,
  type Expected,
  first,
  frame,
  IN_OUR_WORDS,
  last,
  MALFORMED,
  text,
} from './case.ts';

const PING_RULE = 'a ping is answered by a pong with the same payload (5.5.2, 5.5.3)';
const PONG_RULE = 'a pong that nobody asked for is answered by nothing (5.5.3)';
const NOT_UTF8 = Buffer.of(0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff);

/** Category 2: pings and pongs. */
export const PINGS: readonly Case[] = [
  {
    id: '2.1',
    what: 'a ping without a payload',
    rfc: PING_RULE,
    sends: [frame('ping')],
    expects: { pongs: [''] },
  },
  {
    id: '2.2',
    what: 'a ping with text',
    rfc: PING_RULE,
    sends: [frame('ping', 'Hello, world!')],
    expects: { pongs: ['Hello, world!'] },
  },
  {
    id: '2.3',
    what: 'a ping with bytes that are no UTF-8',
    rfc: PING_RULE,
    sends: [frame('ping', NOT_UTF8)],
    expects: { pongs: [NOT_UTF8.toString('latin1')] },
  },
  {
    id: '2.4',
    what: 'a ping of 125 bytes',
    rfc: PING_RULE,
    sends: [frame('ping', Buffer.alloc(125, 0xfe))],
    expects: { pongs: ['\xfe'.repeat(125)] },
  },
  ...([126, 127, 1_000] as const).map(
    (length): Case => ({
      id: '2.5',
      what: `a ping of ${length} bytes`,
      rfc: 'control frames have 125 bytes at most (5.5)',
      ours: IN_OUR_WORDS,
      sends: [frame('ping', Buffer.alloc(length, 0xfe))],
      expects: MALFORMED,
    }),
  ),
  {
    id: '2.5',
    what: 'a ping of 5 bytes whose length is written in three',
    rfc: 'control frames have 125 bytes at most (5.5)',
    ours: 'the longer form of the length is refused with what it is for',
    sends: [frame('ping', 'hello', { lengthBytes: 3 })],
    expects: MALFORMED,
  },
  {
    id: '2.6',
    what: 'a ping, octet by octet',
    rfc: PING_RULE,
    sends: [frame('ping', Buffer.alloc(40, 0xfe))],
    octets: 1,
    expects: { pongs: ['\xfe'.repeat(40)] },
  },
  {
    id: '2.7',
    what: 'a pong without a payload',
    rfc: PONG_RULE,
    sends: [frame('pong')],
    expects: {},
  },
  {
    id: '2.8',
    what: 'a pong with a payload',
    rfc: PONG_RULE,
    sends: [frame('pong', 'unsolicited')],
    expects: {},
  },
  {
    id: '2.9',
    what: 'a pong, then a ping',
    rfc: PING_RULE,
    sends: [frame('pong', 'unsolicited'), frame('ping', 'a ping')],
    expects: { pongs: ['a ping'] },
  },
  ...([Number.MAX_SAFE_INTEGER, 1] as const).map(
    (octets, at): Case => ({
      id: `2.${at + 10}`,
      what: `ten pings, ${at === 0 ? 'at once' : 'octet by octet'}`,
      rfc: `${PING_RULE}; the last alone would do (5.5.3)`,
      sends: Array.from({ length: 10 }, (_, n) => frame('ping', `payload-${n}`)),
      octets,
      expects: { pongs: Array.from({ length: 10 }, (_, n) => `payload-${n}`) },
    }),
  ),
  {
    id: '2.12',
    what: `${CLIENT_PINGS_MAX + 1} pings`,
    rfc: 'an endpoint may close at any time (7.3)',
    ours: 'a page sends none, and so many are a flood',
    sends: Array.from({ length: CLIENT_PINGS_MAX + 1 }, () => frame('ping', 'x')),
    expects: {
      pongs: Array.from({ length: CLIENT_PINGS_MAX + 1 }, () => 'x'),
      closes: { code: 4429, reason: 'too-fast', told: 4429 },
    },
  },
];

/** The close frame comes back as it was sent. */
function echoed(code: number, reason = ''): Expected {
  return { closes: { code, reason, told: code } };
}

const ECHO_RULE = 'a close frame is answered by one, as a rule with its code (5.5.1)';
const AFTER_RULE = 'nothing that follows a close frame is data (5.5.1)';
const BODY_RULE = 'the body is a code of two bytes and a reason in UTF-8 (5.5.1)';

/** Codes that a close frame may carry: RFC 6455, section 7.4, and IANA's list of today. */
const VALID_CODES = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
/** Those that none may: never assigned, reserved, or only ever said of a close, never in one. */
const INVALID_CODES = [
  0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 10_000, 65_535,
];

/** Category 7: closing. */
export const CLOSES_BY_CLIENT: readonly Case[] = [
  {
    id: '7.1.1',
    what: 'a text, then a close',
    rfc: ECHO_RULE,
    sends: [text('hello'), closeFrame(1000)],
    expects: { told: ['hello'], ...echoed(1000) },
  },
  {
    id: '7.1.2',
    what: 'two closes',
    rfc: AFTER_RULE,
    sends: [closeFrame(1000), closeFrame(1001)],
    expects: echoed(1000),
  },
  {
    id: '7.1.3',
    what: 'a close, then a ping',
    rfc: AFTER_RULE,
    sends: [closeFrame(1000), frame('ping', 'late')],
    expects: echoed(1000),
  },
  {
    id: '7.1.4',
    what: 'a close, then a text',
    rfc: AFTER_RULE,
    sends: [closeFrame(1000), text('late')],
    expects: echoed(1000),
  },
  {
    id: '7.1.5',
    what: 'a close within a message in parts',
    rfc: AFTER_RULE,
    sends: [first('one '), closeFrame(1000), last('message')],
    expects: echoed(1000),
  },
  {
    id: '7.1.6',
    what: 'sixteen texts of 1,024 bytes, then a close, then a ping',
    rfc: `what came before the close counts; ${AFTER_RULE}`,
    sends: [
      ...Array.from({ length: 16 }, () => text('*'.repeat(1_024))),
      closeFrame(1001),
      frame('ping'),
    ],
    expects: { told: Array.from({ length: 16 }, () => '*'.repeat(1_024)), ...echoed(1001) },
  },
  {
    id: '7.1.7',
    what: 'a close, then bytes that are no frame',
    rfc: AFTER_RULE,
    sends: [closeFrame(1000), Buffer.alloc(64, 0xff)],
    expects: echoed(1000),
  },
  {
    id: '7.3.1',
    what: 'a close without a body',
    rfc: `${ECHO_RULE}; without a code it is told as 1005 (7.1.5)`,
    sends: [closeFrame(null)],
    expects: { closes: { code: null, reason: '', told: 1005 } },
  },
  {
    id: '7.3.2',
    what: 'a close with a body of one byte',
    rfc: BODY_RULE,
    ours: IN_OUR_WORDS,
    sends: [frame('close', Buffer.of(3))],
    expects: MALFORMED,
  },
  {
    id: '7.3.3',
    what: 'a close with a code alone',
    rfc: ECHO_RULE,
    sends: [closeFrame(1000)],
    expects: echoed(1000),
  },
  {
    id: '7.3.4',
    what: 'a close with a reason',
    rfc: ECHO_RULE,
    sends: [closeFrame(1000, 'goodbye, é')],
    expects: echoed(1000, 'goodbye, é'),
  },
  {
    id: '7.3.5',
    what: 'a close with a reason of 123 bytes',
    rfc: ECHO_RULE,
    sends: [closeFrame(1000, '*'.repeat(123))],
    expects: echoed(1000, '*'.repeat(123)),
  },
  {
    id: '7.3.6',
    what: 'a close with a reason of 124 bytes',
    rfc: 'control frames have 125 bytes at most (5.5)',
    ours: IN_OUR_WORDS,
    sends: [closeFrame(1000, '*'.repeat(124))],
    expects: MALFORMED,
  },
  ...(
    [
      ['a reason that is no UTF-8', Buffer.from('cebae1bdb9cf83eda080656469746564', 'hex')],
      ['a reason that breaks off within a character', Buffer.of(0x61, 0xc3)],
    ] as const
  ).map(
    ([what, reason]): Case => ({
      id: '7.5.1',
      what,
      rfc: BODY_RULE,
      ours: IN_OUR_WORDS,
      sends: [closeFrame(1000, reason)],
      expects: MALFORMED,
    }),
  ),
  ...VALID_CODES.map(
    (code, at): Case => ({
      id: `7.7.${at + 1}`,
      what: `the code ${code}`,
      rfc: `${ECHO_RULE} (7.4)`,
      sends: [closeFrame(code, 'because')],
      expects: echoed(code, 'because'),
    }),
  ),
  ...INVALID_CODES.map(
    (code, at): Case => ({
      id: code < 5_000 ? `7.9.${at + 1}` : '7.13',
      what: `the code ${code}`,
      rfc: 'it MUST NOT be in a close frame, or belongs to no range (7.4)',
      ours: IN_OUR_WORDS,
      sends: [closeFrame(code)],
      expects: MALFORMED,
    }),
  ),
];
