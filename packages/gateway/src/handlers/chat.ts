import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Seat, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSeat, Transcript } from '../call.ts';
import { seatRules } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import {
  countLine,
  isNextLine,
  lineCount,
  sameCounters,
  tagLine,
  verifyLine,
} from '../line-tag.ts';
import { type EncodedFields, encodeFields, send, sendEncoded, sendPassing } from '../outbox.ts';
import type { InCall } from '../session.ts';

type CatchingUp = Extract<Transcript, { state: 'catching-up' }>;
type ChatRefusal = ServerMessageOf<'chat.refused'>['reason'];

/** Matches control characters except tab and line feed, and lone surrogates. */
const BAD_CHARACTERS = /(?![\t\n])[\p{Cc}\p{Cs}]/u;
const VISIBLE = /\S/u;

const RELAYED_CHAT = { event: 'relayed', kind: 'chat' } as const;
const RELAYED_TYPING = { event: 'relayed', kind: 'typing' } as const;

/**
 * Relays a chat line. This is the hot path of text calls, so the line is tagged and encoded once
 * for all receivers.
 */
export function sendLine(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'chat.send'>,
): void {
  const { id, text } = message;
  const isAllowed = seatRules(context, call.mode, seat)?.sends.includes('text') === true;
  const fault = isAllowed ? faultOf(text) : 'not-allowed';
  if (fault !== null) {
    refuseLine(context, call, seat, id, fault);
    return;
  }
  passLine(context, call, seat, message);
  context.ports.observer.observe(RELAYED_CHAT);
}

/** Sends a line to all users of a call, including its author. */
export function passLine(
  context: GatewayContext,
  call: Call,
  seat: Seat,
  { id, text, corrects }: Pick<ClientMessageOf<'chat.send'>, 'id' | 'text' | 'corrects'>,
): void {
  call.counters = countLine(call.counters, seat);
  const atMs = context.now.wallMs;
  const line = tagLine(context.ports.signer, call.match, {
    id,
    side: seat,
    counters: call.counters,
    atMs,
    text,
    corrects: call.exchange === null ? undefined : corrects,
  });
  const fields = encodeLine(call, line);
  for (const at of call.seats) deliver(context, at, fields);
}

/** Tells the page that a chat line exceeds the rate limit. The page keeps the text. */
export function refuseLineTooFast(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'chat.send'>,
): void {
  refuseLine(context, call, seat, message.id, 'too-fast');
}

/**
 * Relays a chat line that one user's page resends because another page lacks it. The line must be
 * the next one that the page lacks, and its tag must verify.
 */
export function replayLine(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'chat.replay'>,
): void {
  const { line } = message;
  for (const other of call.seat(seat).others) {
    const { transcript } = other;
    if (transcript.state !== 'catching-up' || !mayFollow(transcript, line)) continue;
    if (!verifyLine(context.ports.signer, call.match, line)) return;
    sendEncoded(context, other.session, 'chat.line', encodeLine(call, line));
    other.transcript = { ...transcript, has: line.counters };
    if (sameCounters(line.counters, transcript.upTo)) release(context, other);
  }
}

/**
 * Whether the chat line is the next one that the user's page lacks. A new page may begin with
 * any line sent before the rejoin.
 */
function mayFollow({ has, upTo }: CatchingUp, line: TaggedLine): boolean {
  if (has === null) return lineCount(line.counters) <= lineCount(upTo);
  return isNextLine(has, line);
}

export function relayTyping(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'chat.typing'>,
): void {
  const { match, epoch, active } = message;
  for (const { session, transcript } of call.seat(seat).others) {
    if (transcript.state === 'away') continue;
    sendPassing(context, session, { type: 'chat.typing', match, epoch, active });
  }
  context.ports.observer.observe(RELAYED_TYPING);
}

function faultOf(text: string): 'too-long' | 'bad-characters' | 'empty' | null {
  if (text.length > LINE_CHARS_MAX) return 'too-long';
  if (BAD_CHARACTERS.test(text)) return 'bad-characters';
  return VISIBLE.test(text) ? null : 'empty';
}

function encodeLine({ match, epoch }: Call, line: TaggedLine): EncodedFields {
  return encodeFields<'chat.line'>({ match, epoch, line });
}

/** Sends a chat line to one user, or queues the line while the user's page lacks older lines. */
function deliver(context: GatewayContext, at: CallSeat, fields: EncodedFields): void {
  if (at.transcript.state === 'complete') {
    sendEncoded(context, at.session, 'chat.line', fields);
    return;
  }
  // The user's page is gone, so the chat line isn't sent. The peer's page resends the line later.
  if (at.transcript.state === 'away') return;
  at.transcript.held.push(fields);
  // The peer doesn't resend the missing chat lines. The queued lines are sent now, because a
  // visible gap is better than no lines.
  if (at.transcript.held.length > context.bufferedLinesMax) release(context, at);
}

/**
 * Sends a user's queued chat lines. Called when the user has all older lines, or when the
 * missing ones won't come.
 */
function release(context: GatewayContext, at: CallSeat): void {
  if (at.transcript.state !== 'catching-up') return;
  const { held } = at.transcript;
  at.transcript = { state: 'complete' };
  for (const fields of held) sendEncoded(context, at.session, 'chat.line', fields);
}

function refuseLine(
  context: GatewayContext,
  call: Call,
  seat: Seat,
  id: string,
  reason: ChatRefusal,
): void {
  const { match, epoch } = call;
  send(context, call.seat(seat).session, 'chat.refused', { match, epoch, id, reason });
}
