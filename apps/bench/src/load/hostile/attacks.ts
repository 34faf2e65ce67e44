import { SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { CLIENT_FRAME_BYTES_MAX, SDP_CHARS_MAX } from '@farandole/protocol/limits';
import { clientFrame, OPCODE } from '../frames.ts';
import type { Participant } from '../participant.ts';
import {
  type Burst,
  type Foothold,
  holdSession,
  holdTcp,
  holdWebSocket,
  type Target,
} from './foothold.ts';

/** Messages in one write, as a flooding program sends them. */
export const BURST_MESSAGES = 5;

export interface Attack {
  readonly weight: number;
  readonly open: (target: Target) => Promise<Foothold>;
}

const MASK = Buffer.of(0x37, 0xfa, 0x21, 0x3d);
const FOREIGN_CALL = '"match":"AAAAAAAAAAAAAAAAAAAAAA","epoch":1';
const SEARCH = '"mode":"text","interests":[],"onlyShared":false,"languages":["en"]';

/** Framing violations (RFC 6455, section 5.2). */
const ONE_BYTE_FRAGMENT = clientFrame(OPCODE.text, Buffer.from('{'), MASK);
ONE_BYTE_FRAGMENT[0] = OPCODE.text;
const ONE_BYTE_CONTINUATION = clientFrame(0, Buffer.from(' '), MASK);
ONE_BYTE_CONTINUATION[0] = 0;
const COMPRESSED = clientFrame(OPCODE.text, Buffer.alloc(1_024), MASK);
COMPRESSED[0] = 0xc1;
/** The header claims 2^62 bytes. */
const OVERSIZE = Buffer.of(0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/**
 * More than half of the sockets send what a node accepts, as fast as it accepts it. The others
 * break one rule each, are closed, and reconnect.
 */
export const ATTACKS = {
  /** Messages for an ended or unknown call may be late, so they aren't a violation. */
  'foreign-call': withSession(270, () =>
    text(`{"type":"chat.typing",${FOREIGN_CALL},"active":true}`),
  ),
  /** Repeats accepted messages, as a page may after a resume. */
  'taken-before': withSession(250, () =>
    text('{"type":"age.declare","seq":1,"answer":"adult","policyVersion":1}'),
  ),
  'large-frames': withSession(30, () =>
    text(
      `{"type":"ticket.create","seq":1,"ticket":"t",${SEARCH},"policyVersion":1,"offer":"${'v'.repeat(SDP_CHARS_MAX)}"}`,
    ),
  ),
  'ping-flood': withSession(100, () => text('{"type":"link.ping","n":1,"ack":0}')),
  'search-flood': withFreshPlaces(50, (place) =>
    place % 2 === 0
      ? `"ticket.create","seq":${place},"ticket":"search-${place}",${SEARCH},"policyVersion":1`
      : `"ticket.withdraw","seq":${place},"ticket":"search-${place - 1}"`,
  ),
  'forged-receipts': withFreshPlaces(
    50,
    (place) => `"block.create","seq":${place},"receipt":"k1.${'A'.repeat(400)}"`,
  ),
  'control-frames': withWebSocket(30, of(clientFrame(OPCODE.ping, Buffer.alloc(125), MASK))),
  'not-json': withWebSocket(30, of(clientFrame(OPCODE.text, Buffer.from('{"type":'), MASK))),
  'deep-json': withWebSocket(
    20,
    of(clientFrame(OPCODE.text, Buffer.from('['.repeat(CLIENT_FRAME_BYTES_MAX)), MASK)),
  ),
  'not-utf8': withWebSocket(20, of(clientFrame(OPCODE.text, Buffer.of(0xc3, 0x28), MASK))),
  fragments: withWebSocket(30, {
    bytes: Buffer.concat([
      ONE_BYTE_FRAGMENT,
      ...Array.from({ length: 64 }, () => ONE_BYTE_CONTINUATION),
    ]),
    messages: 1,
  }),
  oversize: withWebSocket(20, { bytes: OVERSIZE, messages: 1 }),
  deflated: withWebSocket(20, of(COMPRESSED), {
    headers: ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'],
  }),
  mute: withWebSocket(30, { bytes: Buffer.alloc(0), messages: 0 }, { reads: false }),
  'slow-headers': {
    weight: 30,
    open: (target) =>
      holdTcp(target, 'GET / HTTP/1.1\r\nHost: localhost\r\nX: ', {
        bytes: Buffer.from('x'),
        messages: 0,
      }),
  },
  'foreign-origin': {
    weight: 20,
    open: (target) =>
      holdTcp(
        target,
        '',
        of(
          Buffer.from(
            `POST ${SESSION_TICKET_PATH} HTTP/1.1\r\nHost: localhost:${target.port}\r\n` +
              'Origin: https://evil.example\r\nContent-Type: application/json\r\n' +
              'Content-Length: 2\r\n\r\n{}',
          ),
        ),
      ),
  },
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof ATTACKS;

export const ATTACK_NAMES = Object.keys(ATTACKS) as readonly AttackName[];

export function dealAttacks(count: number): readonly AttackName[] {
  const total = ATTACK_NAMES.reduce((sum, name) => sum + ATTACKS[name].weight, 0);
  const dealt = ATTACK_NAMES.map((name) => ({
    name,
    share: ATTACKS[name].weight / total,
    given: 0,
  }));
  return Array.from({ length: count }, (_, index) => {
    const next = dealt.reduce((most, one) =>
      one.share * (index + 1) - one.given > most.share * (index + 1) - most.given ? one : most,
    );
    next.given += 1;
    return next.name;
  });
}

function of(frame: Buffer): Burst {
  return {
    bytes: Buffer.concat(Array.from({ length: BURST_MESSAGES }, () => frame)),
    messages: BURST_MESSAGES,
  };
}

function text(message: string): Burst {
  return of(clientFrame(OPCODE.text, Buffer.from(message), MASK));
}

function withSession(weight: number, prepare: () => Burst): Attack {
  let prepared: Burst | null = null;
  return {
    weight,
    open: (target) =>
      holdSession(target, () => {
        prepared ??= prepare();
        return prepared;
      }),
  };
}

function withFreshPlaces(weight: number, fieldsAt: (place: number) => string): Attack {
  const burstOf = (participant: Participant): Burst => ({
    bytes: Buffer.concat(
      Array.from({ length: BURST_MESSAGES }, () => {
        const fields = fieldsAt(participant.takeSequence());
        return clientFrame(OPCODE.text, Buffer.from(`{"type":${fields}}`), MASK);
      }),
    ),
    messages: BURST_MESSAGES,
  });
  return { weight, open: (target) => holdSession(target, burstOf) };
}

function withWebSocket(
  weight: number,
  burst: Burst,
  options: Parameters<typeof holdWebSocket>[2] = {},
): Attack {
  return { weight, open: (target) => holdWebSocket(target, burst, options) };
}
