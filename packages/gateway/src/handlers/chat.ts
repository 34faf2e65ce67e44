import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Side, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSide, Transcript } from '../call.ts';
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
import type { Seat } from '../session.ts';

type CatchingUp = Extract<Transcript, { state: 'catching-up' }>;
type ChatRefusal = ServerMessageOf<'chat.refused'>['reason'];

/** Controls other than tab and line feed, and halves of surrogate pairs. */
const BAD_CHARACTERS = /(?![\t\n])[\p{Cc}\p{Cs}]/u;
const VISIBLE = /\S/u;

const RELAYED_CHAT = { event: 'relayed', kind: 'chat' } as const;
const RELAYED_TYPING = { event: 'relayed', kind: 'typing' } as const;

/**
 * A line of chat: counted, stamped and tagged once, written once, and given to both sides in this
 * turn. The hot path of a text call.
 */
export function sendLine(
  context: GatewayContext,
  { call, side }: Seat,
  message: ClientMessageOf<'chat.send'>,
): void {
  const { id, text } = message;
  const fault = faultOf(text);
  if (fault !== null) {
    refuseLine(context, call, side, id, fault);
    return;
  }
  call.counters = countLine(call.counters, side);
  const atMs = context.now.wallMs;
  const line = tagLine(context.ports.signer, call.match, {
    id,
    side,
    counters: call.counters,
    atMs,
    text,
  });
  const fields = encodeLine(call, line);
  deliver(context, call, 'a', fields);
  deliver(context, call, 'b', fields);
  context.ports.observer.observe(RELAYED_CHAT);
}

/** More lines than there are credits for: nothing is lost, the page keeps the text. */
export function refuseLineTooFast(
  context: GatewayContext,
  { call, side }: Seat,
  message: ClientMessageOf<'chat.send'>,
): void {
  refuseLine(context, call, side, message.id, 'too-fast');
}

/**
 * After a restart, or to a new page, a line that this side has and the other lacks. It passes if it
 * is the next one that the other lacks and its tag verifies; anything else is dropped.
 */
export function replayLine(
  context: GatewayContext,
  { call, side }: Seat,
  message: ClientMessageOf<'chat.replay'>,
): void {
  const across = call.across(side);
  const { transcript } = across;
  const { line } = message;
  if (transcript.state !== 'catching-up' || !mayFollow(transcript, line)) return;
  if (!verifyLine(context.ports.signer, call.match, line)) return;
  sendEncoded(context, across.session, 'chat.line', encodeLine(call, line));
  across.transcript = { ...transcript, has: line.counters };
  if (sameCounters(line.counters, transcript.upTo)) release(context, across);
}

/** Whether a line is the next that a side lacks; on a new page any of those of before is the first. */
function mayFollow({ has, upTo }: CatchingUp, line: TaggedLine): boolean {
  if (has === null) return lineCount(line.counters) <= lineCount(upTo);
  return isNextLine(has, line);
}

/** Typing, or no longer; late, it is worth nothing. */
export function relayTyping(
  context: GatewayContext,
  { call, side }: Seat,
  message: ClientMessageOf<'chat.typing'>,
): void {
  const { session, transcript } = call.across(side);
  if (transcript.state === 'away') return;
  const { match, epoch, active } = message;
  sendPassing(context, session, { type: 'chat.typing', match, epoch, active });
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

/** Gives a side a line, after those that it still lacks. */
function deliver(context: GatewayContext, call: Call, side: Side, fields: EncodedFields): void {
  const at = call.side(side);
  if (at.transcript.state === 'complete') {
    sendEncoded(context, at.session, 'chat.line', fields);
    return;
  }
  // The other side has it, and says it again when this one is back.
  if (at.transcript.state === 'away') return;
  at.transcript.held.push(fields);
  // The other side does not replay what it should: better a gap, which shows, than silence.
  if (at.transcript.held.length > context.heldLinesMax) release(context, at);
}

/** The side lacks nothing any more, or nothing that will come. */
function release(context: GatewayContext, at: CallSide): void {
  if (at.transcript.state !== 'catching-up') return;
  const { held } = at.transcript;
  at.transcript = { state: 'complete' };
  for (const fields of held) sendEncoded(context, at.session, 'chat.line', fields);
}

function refuseLine(
  context: GatewayContext,
  call: Call,
  side: Side,
  id: string,
  reason: ChatRefusal,
): void {
  const { match, epoch } = call;
  send(context, call.side(side).session, 'chat.refused', { match, epoch, id, reason });
}
