import type { SequenceNumber } from './messages.ts';

/**
 * One end of the connection between a gateway and a pool's writer.
 * The broker keeps order but can lose messages. Both directions are numbered from 1, so the
 * receiver detects a gap; the gateway then opens a new lane and resubmits everything it owns.
 * Heartbeats in both directions reveal a lost *last* message. A lane is therefore complete or over.
 */
export interface Lane {
  readonly epoch: number;
  readonly lane: number;
  sent: number;
  taken: number;
  /** By this end's monotonic clock. */
  beatAtMonotonicMs: number;
  takenAtMonotonicMs: number;
}

export function openLane(epoch: number, lane: number, nowMonotonicMs: number): Lane {
  return {
    epoch,
    lane,
    sent: 0,
    taken: 0,
    beatAtMonotonicMs: nowMonotonicMs,
    takenAtMonotonicMs: nowMonotonicMs,
  };
}

export function nextSequence(lane: Lane): SequenceNumber {
  lane.sent += 1;
  return { epoch: lane.epoch, lane: lane.lane, seq: lane.sent };
}

/** `drop`: an old lane or a duplicate. `gap`: a message was lost, so give up the lane. */
export function takeSequence(
  lane: Lane,
  place: SequenceNumber,
  nowMonotonicMs: number,
): 'take' | 'drop' | 'gap' {
  if (place.seq <= lane.taken) return 'drop';
  if (place.seq !== lane.taken + 1) return 'gap';
  lane.taken = place.seq;
  lane.takenAtMonotonicMs = nowMonotonicMs;
  return 'take';
}
