import { clientFrame, OPCODE, textFrame } from '@farandole/e2e/web-socket-bytes';
import { SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { CLIENT_FRAME_BYTES_MAX, SDP_CHARS_MAX } from '@farandole/protocol/limits';
import type { Participant } from '../participant.ts';
import {
  type Burst,
  type Foothold,
  holdSession,
  holdTcp,
  holdWebSocket,
  type Target,
} from './foothold.ts';

/** Number of messages that an attacker sends in one write when it floods the server. */
export const BURST_MESSAGES = 5;

export interface Attack {
  readonly weight: number;
  readonly open: (target: Target) => Promise<Foothold>;
}

const FOREIGN_CALL = '"match":"AAAAAAAAAAAAAAAAAAAAAA","epoch":1';
const SEARCH = '"mode":"text","interests":[],"onlyShared":false,"languages":["en"]';

/** WebSocket frames that violate the framing rules (RFC 6455, section 5.2). */
const ONE_BYTE_FRAGMENT = fragment(OPCODE.text, '{');
const ONE_BYTE_CONTINUATION = fragment(OPCODE.continuation, ' ');
const COMPRESSED = clientFrame({
  opcode: OPCODE.text,
  payload: Buffer.alloc(1_024),
  reserved: 0b100,
});
/** A frame whose header claims a payload of 2^62 bytes. */
const OVERSIZE = Buffer.of(0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/**
 * More than half of the attackers' sockets send valid messages as fast as a node accepts them.
 * Each of the other sockets breaks one rule, is closed by the node, and reconnects.
 */
export const ATTACKS = {
  /**
   * The node tolerates a message for an ended or unknown call, because the client may have sent
   * it before the end of the call.
   */
  'foreign-call': withSession(270, () =>
    text(`{"type":"chat.typing",${FOREIGN_CALL},"active":true}`),
  ),
  /**
   * Resends messages that the node already accepted, as a page may do after it resumes its
   * session.
   */
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
  'control-frames': withWebSocket(
    30,
    of(clientFrame({ opcode: OPCODE.ping, payload: Buffer.alloc(125) })),
  ),
  'not-json': withWebSocket(30, text('{"type":')),
  'deep-json': withWebSocket(20, text('['.repeat(CLIENT_FRAME_BYTES_MAX))),
  'not-utf8': withWebSocket(
    20,
    of(clientFrame({ opcode: OPCODE.text, payload: Buffer.of(0xc3, 0x28) })),
  ),
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

function fragment(opcode: number, letter: string): Buffer {
  return clientFrame({ opcode, payload: Buffer.from(letter), isFinal: false });
}

function of(frame: Buffer): Burst {
  return {
    bytes: Buffer.concat(Array.from({ length: BURST_MESSAGES }, () => frame)),
    messages: BURST_MESSAGES,
  };
}

function text(message: string): Burst {
  return of(textFrame(message));
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
        return textFrame(`{"type":${fields}}`);
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
