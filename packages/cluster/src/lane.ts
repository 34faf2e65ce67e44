import type { Epoch } from './epoch.ts';
import type { SequenceNumber } from './messages.ts';

/**
 * One end of the connection between a gateway and a pool's writer. The broker keeps messages in
 * order but can lose them. Each direction numbers its messages from 1, so the receiver detects a
 * gap. After a gap, the gateway opens a new lane and resubmits all its tickets. Heartbeats in
 * both directions reveal the loss of the *last* message.
 */
export interface Lane {
  readonly epoch: Epoch;
  readonly lane: number;
  sent: number;
  taken: number;
  /** Time of the last heartbeat sent on this lane, by the local monotonic clock. */
  beatAtMonotonicMs: number;
  takenAtMonotonicMs: number;
}

export function openLane(epoch: Epoch, lane: number, nowMonotonicMs: number): Lane {
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

/**
 * Checks the number of a received message. Returns `drop` for a message of an old lane or a
 * duplicate, and `gap` if an earlier message was lost, so that the caller gives up the lane.
 */
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
