import type { ClientMessageOf as Said } from '@farandole/protocol/client-message';
import type { Mode } from '@farandole/protocol/fields';
import type { ServerMessageOf as Sent } from '@farandole/protocol/server-message';
import { findMediaAbove } from '../../signal-policy/oracle.ts';
import { check } from '../violation.ts';
import { callOf, type Match, type Session, sidesOf } from './facts.ts';
import { kindsOf, rank } from './rungs.ts';

/** Returns the mode in which two users start, or null if one doesn't agree to it. */
export function startOf(a: Said<'ticket.create'>, b: Said<'ticket.create'>): Mode | null {
  // Two users of a question have one mode, and at most one of them asks.
  if (a.mode === 'question' || b.mode === 'question') {
    return a.mode === b.mode && (a.role !== 'asker' || b.role !== 'asker') ? a.mode : null;
  }
  const mode = rank(a.mode) < rank(b.mode) ? a.mode : b.mode;
  const agrees = (wish: Said<'ticket.create'>): boolean =>
    wish.mode === mode || rank(wish.lowest ?? wish.mode) <= rank(mode);
  return agrees(a) && agrees(b) ? mode : null;
}

/** Updates who agreed to the next mode, before the node handles the frame. */
export function noteAnswer(session: Session, message: Said<'video.consent'>): void {
  const match = callOf(session);
  if (match?.id !== message.match || match.epoch !== message.epoch) return;
  if ((message.step ?? 0) !== match.changes) return;
  if (message.allowed) match.agreed.add(session.subject);
  else match.agreed.clear();
}

/** I14: both users agreed to the mode to which their call moves up. */
export function moveUp(match: Match, { mode = 'video', step = 0 }: Sent<'video.started'>): boolean {
  if (isKnown(match, mode, step)) return false;
  for (const { session } of sidesOf(match)) {
    const agreed = match.agreed.has(session.subject);
    check(agreed, 'I14', `${match.id} moves up to ${mode}, and ${session.subject} did not agree`);
  }
  check(rank(mode) > rank(match.mode), 'I14', `${match.id} moves up to ${mode}`);
  change(match, mode, step);
  return true;
}

/** I14: a call goes down, and never up, when one user asks. */
export function moveDown(match: Match, { mode, step = 0 }: Sent<'mode.lowered'>): boolean {
  if (isKnown(match, mode, step)) return false;
  check(rank(mode) < rank(match.mode), 'I14', `${match.id} goes down to ${mode}`);
  change(match, mode, step);
  return true;
}

/**
 * Whether the oracle knows a change, because the other user's message of the same change came
 * first. The messages of a user without a socket come later than the other user's.
 */
function isKnown(match: Match, mode: Mode, step: number): boolean {
  check(step !== match.changes || mode === match.mode, 'I14', `${match.id} has two modes`);
  return step <= match.changes;
}

/**
 * I14: a call comes back in no higher mode than both once agreed to. It may come back in an earlier
 * mode if neither page heard of the last change before the node died.
 */
export function restoreMode(match: Match, { mode, step = 0 }: Sent<'call.restored'>): void {
  check(rank(mode) <= match.highest, 'I14', `${match.id} comes back by ${mode}`);
  change(match, mode, step);
}

function change(match: Match, mode: Mode, step: number): void {
  match.mode = mode;
  match.changes = step;
  match.highest = Math.max(match.highest, rank(mode));
  match.agreed.clear();
}

/** I14: a call is down before the node handles another frame. */
export function checkLowered(match: Match, { mode }: Said<'mode.lower'>): void {
  check(rank(match.mode) <= rank(mode), 'I14', `${match.id} stays at ${match.mode}`);
}

/** I14: a description carries no medium above the mode of its call. */
export function checkMedia(match: Match, sdp: string): void {
  const above = findMediaAbove(sdp, kindsOf(match.mode));
  check(above.length === 0, 'I14', `a call by ${match.mode} carries ${above.join(', ')}`);
}
