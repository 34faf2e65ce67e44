import { type CallState, isInCall } from '../call/call-state.ts';
import type { QualityView } from '../call/quality.ts';
import type { MeasuredQuality } from '../call/quality-watch.ts';
import type { DeviceState } from './app-model.ts';

/**
 * The quality of a call as its screen sees it; pure.
 *
 * @param measured null before there is anything to judge by
 * @returns null where there is nothing to say: no video call, or no connection yet
 */
export function qualityViewOf(
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
