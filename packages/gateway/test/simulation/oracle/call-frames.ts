import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { CreditKind } from '../../../src/limits.ts';
import { lineWritten, placeOf } from './chat-log.ts';
import { acrossFrom, type MatchModel, type SessionModel, sidesOf } from './model.ts';
import type { Oracle } from './oracle.ts';
import { checkSignal, createShown } from './signals.ts';
import { checkMayHearMedia, refuseVideo, startVideo } from './video-frames.ts';
import { Violation } from './violation.ts';

/** What the node says within a call that is live. */
type InCall = Extract<
  ServerMessage,
  {
    type:
      | `chat.${string}`
      | `signal.${string}`
      | `video.${string}`
      | 'media.updated'
      | 'direct.updated'
      | 'peer.presence';
  }
>;

export function hearInCall(oracle: Oracle, session: SessionModel, message: InCall): void {
  switch (message.type) {
    case 'chat.line': {
      const match = liveMatch(session, message);
      const before = match.lines.length;
      lineWritten(match, message.line, message.epoch);
      const own = sidesOf(match).find((side) => side.session === session);
      const place = placeOf(message.line);
      if (own !== undefined) oracle.heldLines.lineGiven(match, own, place, oracle.step);
      if (match.lines.length === before) return;
      oracle.heldLines.lineAdded(match);
      oracle.counts.lines += 1;
      // What waited for older lines was said before.
      if (own?.releasedInStep === oracle.step) return;
      count(oracle, session, match, 'chat', match[message.line.side]?.session);
      return;
    }
    case 'chat.refused': {
      if (message.reason === 'too-fast') overdraw(oracle, session);
      const said = liveMatch(session, message).said.get(message.id);
      if (said !== undefined) said.isRefused = true;
      return;
    }
    case 'signal.offer':
    case 'signal.answer': {
      const match = liveMatch(session, message);
      if (isPast(match, message)) return;
      checkMayHearMedia(oracle, session, match, message.type);
      noteDescription(session, match, message.type);
      count(oracle, session, match, 'description');
      checkTold(oracle, session, match, message.sdp);
      return;
    }
    case 'signal.candidate': {
      const match = liveMatch(session, message);
      if (isPast(match, message)) return;
      checkMayHearMedia(oracle, session, match, message.type);
      count(oracle, session, match, 'candidate');
      checkTold(oracle, session, match, message.candidate.candidate);
      return;
    }
    case 'video.updated':
      liveMatch(session, message);
      return;
    case 'video.refused':
      if (!isPast(liveMatch(session, message), message))
        refuseVideo(session, liveMatch(session, message));
      return;
    case 'video.started':
      startVideo(oracle, session, liveMatch(session, message), message.receipt);
      return;
    case 'chat.typing':
      count(oracle, session, liveMatch(session, message), 'typing');
      return;
    case 'media.updated':
      count(oracle, session, liveMatch(session, message), 'media');
      return;
    case 'peer.presence':
      hearPresence(oracle, session, liveMatch(session, message), message.present);
      return;
    case 'direct.updated':
      if (!isPast(liveMatch(session, message), message))
        updateDirect(session, liveMatch(session, message), message);
      return;
    case 'signal.refused':
      if (message.reason === 'too-fast') overdraw(oracle, session);
      liveMatch(session, message);
      return;
  }
}

/** GW-60: what somebody is told of the other's doing is no more than the other had credits for. */
function count(
  oracle: Oracle,
  session: SessionModel,
  match: MatchModel,
  kind: CreditKind,
  by = acrossFrom(match, session)?.session,
): void {
  // What was missed comes all at once; and what a restore tells nobody has done.
  if (session.resumedInStep === oracle.step || match.reopenedInStep === oracle.step) return;
  if (match.rejoinedInStep === oracle.step) return;
  if (by?.causes.take(kind, oracle.nowMs) === false) {
    throw new Violation('GW-60', `${by.subject} does more of ${kind} than there are credits for`);
  }
}

/** GW-60: whoever is told again and again that they are too fast is closed at last. */
export function overdraw(oracle: Oracle, session: SessionModel): void {
  if (session.resumedInStep === oracle.step) return;
  if (!session.says.take('overdraft', oracle.nowMs)) {
    throw new Violation('GW-60', `${session.subject} is too fast, and is only told so`);
  }
}

/** SP-42, of something that the other side told of itself. */
function checkTold(oracle: Oracle, session: SessionModel, match: MatchModel, text: string): void {
  const across = acrossFrom(match, session);
  if (across === null) return;
  // What was missed was written when the other may have been elsewhere.
  if (session.resumedInStep === oracle.step) {
    across.shown = createShown();
    return;
  }
  const isDirectAgreed = match.a?.allowsDirect === true && match.b?.allowsDirect === true;
  const { place } = across.session;
  checkSignal(oracle.rules, text, { place, isDirectAgreed, shown: across.shown });
}

/** I7: a message within a call goes to somebody who is in it, under the epoch that they know. */
function liveMatch(
  session: SessionModel,
  {
    type,
    match: id,
    epoch,
  }: { readonly type: string; readonly match: string; readonly epoch: number },
): MatchModel {
  const { match } = session;
  if (match === null || match.id !== id || session.epochTold !== epoch) {
    throw new Violation('I7', `${session.subject} is sent ${type} of ${id}, and is not in it`);
  }
  return match;
}

/** Whether it was said before the other side came back on a new page: what it missed meanwhile. */
function isPast(match: MatchModel, message: { readonly epoch: number }): boolean {
  return message.epoch < match.epoch;
}

/** PR-63: until they take their place again, somebody who lost their page is just away. */
function hearPresence(
  oracle: Oracle,
  session: SessionModel,
  match: MatchModel,
  isPresent: boolean,
): void {
  if (!isPresent) {
    count(oracle, session, match, 'absence');
    return;
  }
  const across = acrossFrom(match, session);
  if (across?.session.seat?.match !== match || session.resumedInStep === oracle.step) return;
  throw new Violation('PR-63', `${session.subject} hears that ${across.subject} is back`);
}

/** GW-31: an answer is to an offer. After a restore both have described themselves before. */
function noteDescription(
  session: SessionModel,
  match: MatchModel,
  type: 'signal.offer' | 'signal.answer',
): void {
  const from = acrossFrom(match, session);
  if (from === null) return;
  const to = match.a === from ? match.b : match.a;
  if (type === 'signal.offer') {
    const isFirst = match.rejoins > 0 && match.reopenedInStep < 0 && !to?.hasOffered;
    if (isFirst && from !== match[match.offerer]) {
      throw new Violation('PR-64', `${from.subject} offers first, and is not the offerer`);
    }
    from.hasOffered = true;
    return;
  }
  if (to?.hasOffered !== false || match.reopenedInStep >= 0) return;
  throw new Violation('GW-31', `${from.subject} answers ${to.subject}, who has not offered`);
}

function updateDirect(
  session: SessionModel,
  match: MatchModel,
  { you, stranger }: ServerMessageOf<'direct.updated'>,
): void {
  const across = acrossFrom(match, session);
  const own = match.a === across ? match.b : match.a;
  if (own === null || across === null) return;
  const wasAgreed = own.allowsDirect && across.allowsDirect;
  own.allowsDirect = you;
  across.allowsDirect = stranger;
  if (wasAgreed === (you && stranger)) return;
  own.shown = createShown();
  across.shown = createShown();
}
