import { MEET_AGAIN_CALL_MS } from '@farandole/protocol/limits';
import type { DeviceState } from '../devices/devices-view.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import { type CallState, coverOf, type InCall, isInCall } from './call-state.ts';
import type { CallView, EndedView, MediaFlow } from './call-view.ts';
import { STUCK_AFTER_MS } from './limits.ts';
import type { QualityView } from './quality.ts';
import type { MeasuredQuality } from './quality-watch.ts';

export interface CallFacts {
  readonly shield: ShieldView;
  readonly quality: MeasuredQuality | null;
  readonly camera: DeviceState;
  /**
   * Whether the user's settings allow a direct connection. If not, the page doesn't ask for consent
   * to one.
   */
  readonly mayBeDirect: boolean;
  readonly video: CallView['video'];
}

export function callViewOf(
  state: CallState,
  nowMs: number,
  { shield, quality, camera, mayBeDirect, video }: CallFacts,
): CallView | null {
  if (!isInCall(state)) return null;
  const { call } = state;
  return {
    mode: call.mode,
    sharedInterests: call.sharedInterests,
    sharedLanguages: call.sharedLanguages,
    exchange: call.exchange,
    elapsedMs: Math.max(0, nowMs - call.foundAtMs),
    flow: flowOf(state, nowMs),
    quality: qualityViewOf(state, quality, camera, nowMs),
    hasPicture: call.firstFrameMs !== null,
    cover: coverOf(state),
    shield: call.mode === 'video' ? shield : null,
    peer: { ...call.peer, present: call.peerPresent },
    next:
      state.state === 'confirming-next'
        ? { state: 'really', remainingMs: Math.max(0, state.untilMs - nowMs) }
        : { state: 'next' },
    direct: {
      way: call.way,
      offered: call.directOffered && mayBeDirect,
      you: call.direct.you,
      peer: call.direct.peer,
    },
    video,
    restoring: call.restoring,
  };
}

function flowOf({ call }: InCall, nowMs: number): MediaFlow {
  const { flow, interruptedAtMs } = call;
  if (interruptedAtMs === null) return flow;
  return nowMs - interruptedAtMs >= STUCK_AFTER_MS ? 'stuck' : flow;
}

export interface Aftermath {
  stateOf(match: string): EndedView['block'];
  wasReported(match: string): boolean;
}

/**
 * Returns what the screen of an ended call shows. If the user undid a report, the call counts as
 * ended by the user.
 */
export function endedViewOf(state: CallState, aftermath: Aftermath): EndedView | null {
  if (state.state !== 'ended') return null;
  const block = aftermath.stateOf(state.call.match);
  const reported = aftermath.wasReported(state.call.match);
  const durationMs = Math.max(0, state.endedAtMs - state.call.foundAtMs);
  const hasParted = state.reason === 'you' || state.reason === 'left' || state.reason === 'lost';
  // Both are about one other user. The report sheet blocks one of two others.
  const isPair = state.call.mode !== 'question';
  return {
    mode: state.call.mode,
    exchange: state.call.exchange,
    reason: state.reason === 'reported' && !reported ? 'you' : state.reason,
    durationMs,
    canReport: !reported,
    canMeetAgain:
      isPair && hasParted && !reported && block === 'none' && durationMs >= MEET_AGAIN_CALL_MS,
    canBlock: isPair && (block === 'none' || block === 'refused'),
    block,
  };
}

/**
 * @param measured the measured quality, or `null` before the first measurement
 * @returns `null` in a text call and until the media connection exists
 */
function qualityViewOf(
  state: CallState,
  measured: MeasuredQuality | null,
  camera: DeviceState,
  nowMs: number,
): QualityView | null {
  if (!isInCall(state)) return null;
  const { flow, interruptedAtMs } = state.call;
  const figures = measured?.figures ?? null;
  if (flow === 'interrupted') {
    const lostForMs = Math.max(0, nowMs - (interruptedAtMs ?? nowMs));
    return { level: 'lost', lostForMs, lowering: false, offersSoundOnly: false, figures };
  }
  if (flow !== 'flowing' || measured === null) return null;
  const sendsPicture = camera === 'on';
  return {
    level: measured.level,
    lostForMs: 0,
    lowering: sendsPicture && measured.lowered,
    offersSoundOnly: sendsPicture && measured.offersSoundOnly,
    figures,
  };
}
