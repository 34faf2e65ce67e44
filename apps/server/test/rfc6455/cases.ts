import { clientFrame, closeFrame, type FrameParts, OPCODE } from '@farandole/e2e/web-socket-bytes';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { CLIENT_PINGS_MAX, FRAGMENTS_MAX } from '../../src/limits.ts';

/**
 * Input of one connection and the expected behaviour of the server. Section numbers are those of
 * RFC 6455.
 */
export interface Case {
  readonly what: string;
  readonly sends: readonly Buffer[];
  readonly texts?: readonly string[];
  readonly pongs?: readonly string[];
  /** How the server closes the connection. By default the connection stays open. */
  readonly closes?: Close;
}

export interface Close {
  /** Close code that the server sends; null if its close frame has no body. */
  readonly code: number | null;
  readonly reason: string;
  /** Close code that the listener passes to its handler. */
  readonly heard: number;
}

const MALFORMED: Close = { code: 4400, reason: 'malformed', heard: 4400 };
const TOO_LARGE: Close = { code: 4413, reason: 'too-large', heard: 4413 };
const TOO_FAST: Close = { code: 4429, reason: 'too-fast', heard: 4429 };
const LIMIT = CLIENT_FRAME_BYTES_MAX;

function frame(
  opcode: keyof typeof OPCODE | number,
  payload: string | Buffer = '',
  parts: Omit<FrameParts, 'opcode' | 'payload'> = {},
): Buffer {
  const number = typeof opcode === 'number' ? opcode : OPCODE[opcode];
  return clientFrame({ opcode: number, payload: Buffer.from(payload), ...parts });
}

const text = (payload: string | Buffer): Buffer => frame('text', payload);
const first = (payload: string | Buffer): Buffer => frame('text', payload, { isFinal: false });
const last = (payload: string | Buffer): Buffer => frame('continuation', payload);

function inParts(parts: readonly (string | Buffer)[]): readonly Buffer[] {
  return parts.map((part, at) =>
    frame(at === 0 ? 'text' : 'continuation', part, { isFinal: at === parts.length - 1 }),
  );
}

function partsOf(bytes: number, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(bytes / size) }, (_, at) =>
    '*'.repeat(Math.min(size, bytes - at * size)),
  );
}

/** Returns the header of a text frame without its payload. */
function announced(length: bigint): Buffer {
  const header = Buffer.alloc(10);
  header.writeUInt16BE(0x81ff);
  header.writeBigUInt64BE(length, 2);
  return header;
}

const echoed = (code: number, reason = ''): Close => ({ code, reason, heard: code });

/** Cases about lengths, masks, reserved bits and opcodes (RFC 6455, sections 5.2 and 5.3). */
const FRAMING: readonly Case[] = [
  ...[0, 125, 126, 127, 16_383, LIMIT].map((length) => ({
    what: `reads a text of ${length} bytes`,
    sends: [text('*'.repeat(length))],
    texts: ['*'.repeat(length)],
  })),
  ...([3, 9] as const).map((lengthBytes) => ({
    what: `reads a short length written in ${lengthBytes} bytes`,
    sends: [frame('text', 'hello', { lengthBytes })],
    texts: ['hello'],
  })),
  {
    what: 'reads a mask of zeros',
    sends: [frame('text', 'é', { mask: Buffer.alloc(4) })],
    texts: ['é'],
  },
  {
    what: 'refuses a frame without a mask',
    sends: [frame('text', 'a', { mask: null })],
    closes: MALFORMED,
  },
  { what: 'refuses binary', sends: [frame('binary', 'a')], closes: MALFORMED },
  ...(['text', 'ping', 'close'] as const).flatMap((opcode) =>
    [1, 2, 4].map((reserved) => ({
      what: `refuses reserved bits ${reserved} on a ${opcode}`,
      sends: [text('before'), frame(opcode, '', { reserved })],
      texts: ['before'],
      closes: MALFORMED,
    })),
  ),
  ...[3, 7, 11, 15].map((opcode) => ({
    what: `refuses the reserved opcode ${opcode}`,
    sends: [text('before'), frame(opcode, 'hello'), text('after')],
    texts: ['before'],
    closes: MALFORMED,
  })),
];

/** Cases about fragments (RFC 6455, section 5.4). */
const FRAGMENTATION: readonly Case[] = [
  {
    what: 'joins parts, empty ones too',
    sends: inParts(['', 'one ', '', 'text']),
    texts: ['one text'],
  },
  {
    what: 'answers a ping between two parts',
    sends: [first('one '), frame('ping', 'between'), last('text')],
    texts: ['one text'],
    pongs: ['between'],
  },
  ...(['ping', 'pong'] as const).map((opcode) => ({
    what: `refuses a ${opcode} in parts`,
    sends: [frame(opcode, 'a', { isFinal: false }), last('b')],
    closes: MALFORMED,
  })),
  {
    what: 'refuses a continuation of nothing',
    sends: [text('whole'), frame('continuation', 'nothing')],
    texts: ['whole'],
    closes: MALFORMED,
  },
  { what: 'refuses a text within another', sends: [first('one '), text('two')], closes: MALFORMED },
  {
    what: 'reads two hundred texts that come together',
    sends: partsOf(200, 1).map((_, n) => text(`message ${n}`)),
    texts: partsOf(200, 1).map((_, n) => `message ${n}`),
  },
];

/** Cases about message sizes (RFC 6455, section 10.4, and PR-2). */
const LIMITS: readonly Case[] = [
  ...[LIMIT + 1, 65_536, 1_048_576].map((bytes) => ({
    what: `refuses a text of ${bytes} bytes`,
    sends: [text('*'.repeat(bytes))],
    closes: TOO_LARGE,
  })),
  ...[BigInt(LIMIT + 1), 1n << 32n, (1n << 63n) - 1n, (1n << 63n) + 1n].map((length) => ({
    what: `refuses a text of ${length} bytes at its header`,
    sends: [announced(length)],
    closes: TOO_LARGE,
  })),
  {
    what: 'refuses a text of 16385 bytes at its mask',
    sends: [announced(BigInt(LIMIT + 1)), Buffer.alloc(4)],
    closes: TOO_LARGE,
  },
  {
    what: 'reads a text at the limit in as many parts as may be',
    sends: inParts(partsOf(LIMIT, LIMIT / FRAGMENTS_MAX)),
    texts: ['*'.repeat(LIMIT)],
  },
  {
    what: 'refuses one part more',
    sends: inParts(partsOf(FRAGMENTS_MAX + 1, 1)),
    closes: TOO_LARGE,
  },
  {
    what: 'refuses a thousand empty parts',
    sends: [
      first(''),
      ...partsOf(1_000, 1).map(() => frame('continuation', '', { isFinal: false })),
    ],
    closes: TOO_LARGE,
  },
  {
    what: 'refuses one byte more in parts',
    sends: inParts(['*'.repeat(LIMIT), '*']),
    closes: TOO_LARGE,
  },
];

/** Cases about pings and pongs (RFC 6455, sections 5.5.2 and 5.5.3). */
const PINGS: readonly Case[] = [
  ...[0, 40, 125].map((length) => ({
    what: `answers a ping of ${length} bytes`,
    sends: [frame('ping', Buffer.alloc(length, 0xfe))],
    pongs: ['\xfe'.repeat(length)],
  })),
  {
    what: 'refuses a ping of 126 bytes',
    sends: [frame('ping', '*'.repeat(126))],
    closes: MALFORMED,
  },
  { what: 'ignores a pong', sends: [frame('pong', 'unasked')] },
  {
    what: 'closes at one ping too many',
    sends: Array.from({ length: CLIENT_PINGS_MAX + 1 }, () => frame('ping', 'x')),
    pongs: Array.from({ length: CLIENT_PINGS_MAX + 1 }, () => 'x'),
    closes: TOO_FAST,
  },
];

/** Cases about closing (RFC 6455, sections 5.5.1 and 7.4). */
const CLOSING: readonly Case[] = [
  ...[1000, 1001, 1007, 1014, 3000, 4999].map((code) => ({
    what: `echoes the close code ${code}`,
    sends: [text('hello'), closeFrame(code, 'because é'), text('late'), Buffer.alloc(64, 0xff)],
    texts: ['hello'],
    closes: echoed(code, 'because é'),
  })),
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535].map((code) => ({
    what: `refuses the close code ${code}`,
    sends: [closeFrame(code)],
    closes: MALFORMED,
  })),
  {
    what: 'takes a close without a body',
    sends: [closeFrame(null)],
    closes: { code: null, reason: '', heard: 1005 },
  },
  { what: 'refuses a close of one byte', sends: [frame('close', Buffer.of(3))], closes: MALFORMED },
  {
    what: 'echoes a close within a message',
    sends: [first('a'), closeFrame(1000)],
    closes: echoed(1000),
  },
  {
    what: 'refuses a reason of 124 bytes',
    sends: [closeFrame(1000, '*'.repeat(124))],
    closes: MALFORMED,
  },
  {
    what: 'refuses a reason that is no UTF-8',
    sends: [closeFrame(1000, Buffer.of(0x61, 0xc3))],
    closes: MALFORMED,
  },
];

const GREEK = Buffer.from('κόσμε');
/** Characters at the bounds of each length in UTF-8 (RFC 3629). */
const VALID = [
  '00',
  '7f',
  'c280',
  'dfbf',
  'e0a080',
  'efbfbf',
  'f0908080',
  'f48fbfbf',
  'ed9fbf',
  'ee8080',
];
/** Invalid UTF-8: truncated and overlong characters, surrogates, and bytes that never occur. */
const INVALID = [
  ...['80', 'c320', 'c3', 'e282', 'f09f91', 'fe', 'ff', 'c0af', 'e080af', 'f08080af'],
  ...['c1bf', 'eda080', 'edbfbf', 'eda080edb080', 'f4908080', 'f888808080'],
];

/** Cases about text, which must be UTF-8 (RFC 6455, section 8.1). */
const UTF8: readonly Case[] = [
  ...VALID.map((hex) => ({
    what: `reads ${hex}`,
    sends: [text(Buffer.from(hex, 'hex'))],
    texts: [Buffer.from(hex, 'hex').toString()],
  })),
  ...INVALID.map((hex) => ({
    what: `refuses ${hex}`,
    sends: [text('valid'), text(Buffer.from(hex, 'hex')), text('after')],
    texts: ['valid'],
    closes: MALFORMED,
  })),
  {
    what: 'joins parts that end within a character',
    sends: inParts(Array.from(GREEK, (byte) => Buffer.of(byte))),
    texts: [GREEK.toString()],
  },
];

export const CASES: readonly Case[] = [
  ...FRAMING,
  ...FRAGMENTATION,
  ...LIMITS,
  ...PINGS,
  ...CLOSING,
  ...UTF8,
  {
    what: 'refuses a compressed text, since no extension was agreed on',
    sends: [frame('text', 'hello', { reserved: 4 })],
    closes: MALFORMED,
  },
];
