import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Mode } from '@farandole/protocol/fields';
import { POLICY_VERSION } from '../rules.ts';
import { type MatchModel, type SessionModel, sidesOf } from './model.ts';
import type { Oracle } from './oracle.ts';
import { createShown } from './signals.ts';
import { Violation } from './violation.ts';

/** PR-46: how a text call becomes one by video, as its people say it and as they are told. */

/** A page says yes or no. A no takes back what both have said. */
export function sayVideo(
  oracle: Oracle,
  session: SessionModel,
  { allowed, policyVersion }: ClientMessageOf<'video.consent'>,
): void {
  const { match } = session;
  if (match === null || match.mode !== 'text') return;
  if (!allowed) {
    for (const side of sidesOf(match)) side.saysVideo = false;
    return;
  }
  if (policyVersion !== POLICY_VERSION) return;
  for (const side of sidesOf(match)) if (side.session === session) side.saysVideo = true;
  if (saysBoth(match)) oracle.mustTurn.add(match);
}

/** The yes did not count. */
export function refuseVideo(session: SessionModel, match: MatchModel): void {
  for (const side of sidesOf(match)) if (side.session === session) side.saysVideo = false;
}

export function startVideo(
  oracle: Oracle,
  session: SessionModel,
  match: MatchModel,
  receipt: string,
): void {
  oracle.model.receipts.set(receipt, { match, subject: session.subject, mode: 'video' });
  if (match.mode === 'video') {
    // The other side hears of it in the same turn, or with all that it has missed.
    if (match.turnedInStep === oracle.step || session.resumedInStep === oracle.step) return;
    throw new Violation('PR-46', `${match.id} turns to video twice`);
  }
  for (const { subject, saysVideo } of sidesOf(match)) {
    if (!saysVideo) throw new Violation('PR-46', `${subject} has not agreed to video`);
    if (oracle.known.isRefusedForAge(subject)) {
      throw new Violation('I2', `${subject} said to be under age, and is given video`);
    }
  }
  match.mode = 'video';
  oracle.standings.checkCall(match);
  match.turnedInStep = oracle.step;
  // The two may come back by the older receipt or by the newer one, whichever their pages have.
  match.receiptWallMs = Math.min(match.receiptWallMs, oracle.wallMs);
  // From here on nobody has described themselves, whatever was before.
  match.reopenedInStep = -1;
  for (const side of sidesOf(match)) {
    side.hasOffered = false;
    side.shown = createShown();
  }
  oracle.counts.turned += 1;
}

/** Both have said yes: it is video with this step. */
export function checkTurned(match: MatchModel): void {
  if (match.state !== 'live' || match.mode === 'video' || !saysBoth(match)) return;
  const isHeard = sidesOf(match).some(({ session }) => session.connection !== null);
  if (isHeard) throw new Violation('PR-46', `both agreed to video in ${match.id}, and it is text`);
}

/** What came back is what it was, as far as the receipts tell that brought it back. */
export function checkRestoredMode(match: MatchModel, mode: Mode): void {
  if (match.mode === mode) return;
  throw new Violation('PR-46', `${match.id} was by ${match.mode}, and comes back by ${mode}`);
}

export function checkMayHearMedia(
  oracle: Oracle,
  session: SessionModel,
  match: MatchModel,
  type: string,
): void {
  if (match.mode === 'video' || session.resumedInStep === oracle.step) return;
  throw new Violation('PR-46', `${session.subject} is sent ${type} in the text call ${match.id}`);
}

function saysBoth({ a, b }: MatchModel): boolean {
  return a?.saysVideo === true && b?.saysVideo === true;
}
