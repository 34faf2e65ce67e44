import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Seat, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSeat, Transcript } from '../call.ts';
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

/** Controls other than tab and line feed, and halves of surrogate pairs. */
const BAD_CHARACTERS = /(?![\t\n])[\p{Cc}\p{Cs}]/u;
const VISIBLE = /\S/u;

const RELAYED_CHAT = { event: 'relayed', kind: 'chat' } as const;
const RELAYED_TYPING = { event: 'relayed', kind: 'typing' } as const;

/**
 * A line of chat: counted, stamped and tagged once, written once, and given to every seat in this
 * turn. The hot path of a text call.
 */
export function sendLine(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'chat.send'>,
): void {
  const { id, text } = message;
  const fault = faultOf(text);
  if (fault !== null) {
    refuseLine(context, call, seat, id, fault);
    return;
  }
  call.counters = countLine(call.counters, seat);
  const atMs = context.now.wallMs;
  const line = tagLine(context.ports.signer, call.match, {
    id,
    side: seat,
    counters: call.counters,
    atMs,
    text,
  });
  const fields = encodeLine(call, line);
  for (const at of call.seats) deliver(context, at, fields);
  context.ports.observer.observe(RELAYED_CHAT);
}

/** More lines than there are credits for: nothing is lost, the page keeps the text. */
export function refuseLineTooFast(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'chat.send'>,
): void {
  refuseLine(context, call, seat, message.id, 'too-fast');
}

/**
 * After a restart, or to a new page, a line that this seat has and the other lacks. It passes if it
 * is the next one that the other lacks and its tag verifies; anything else is dropped.
 */
export function replayLine(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'chat.replay'>,
): void {
  const across = call.across(seat);
  const { transcript } = across;
  const { line } = message;
  if (transcript.state !== 'catching-up' || !mayFollow(transcript, line)) return;
  if (!verifyLine(context.ports.signer, call.match, line)) return;
  sendEncoded(context, across.session, 'chat.line', encodeLine(call, line));
  across.transcript = { ...transcript, has: line.counters };
  if (sameCounters(line.counters, transcript.upTo)) release(context, across);
}

/** Whether a line is the next that a seat lacks; on a new page any of those of before is the first. */
function mayFollow({ has, upTo }: CatchingUp, line: TaggedLine): boolean {
  if (has === null) return lineCount(line.counters) <= lineCount(upTo);
  return isNextLine(has, line);
}

/** Typing, or no longer; late, it is worth nothing. */
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

function faultOf(text: string): Exclude<ChatRefusal, 'too-fast' | 'call-over'> | null {
  if (text.length > LINE_CHARS_MAX) return 'too-long';
  if (BAD_CHARACTERS.test(text)) return 'bad-characters';
  return VISIBLE.test(text) ? null : 'empty';
}

function encodeLine({ match, epoch }: Call, line: TaggedLine): EncodedFields {
  return encodeFields<'chat.line'>({ match, epoch, line });
}

/** Gives a seat a line, after those that it still lacks. */
function deliver(context: GatewayContext, at: CallSeat, fields: EncodedFields): void {
  if (at.transcript.state === 'complete') {
    sendEncoded(context, at.session, 'chat.line', fields);
    return;
  }
  // The other seat has it, and says it again when this one is back.
  if (at.transcript.state === 'away') return;
  at.transcript.held.push(fields);
  // The other seat does not replay what it should: better a gap, which shows, than silence.
  if (at.transcript.held.length > context.heldLinesMax) release(context, at);
}

/** The seat lacks nothing any more, or nothing that will come. */
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
