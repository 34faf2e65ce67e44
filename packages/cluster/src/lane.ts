import type { LanePlace } from './messages.ts';

/**
 * One end of the talk between one gateway and one writer of a pool.
 *
 * The broker keeps the order and may lose a message without a word. So both directions of a lane
 * are counted from 1; whoever misses a number knows that something was lost, and the gateway then
 * opens the next lane, in which everything it owns is said again. Beats in both directions make
 * sure that a lost *last* message is missed too. A lane is thus whole or it is over: neither end
 * ever has to wonder which of its messages the other has.
 */
export interface Lane {
  readonly epoch: number;
  readonly lane: number;
  /** The last number given to a message that this end sent. */
  sent: number;
  /** The last number taken from the other end. */
  taken: number;
  /** When this end last sent a beat, by its monotonic clock. */
  beatAtMonotonicMs: number;
  /** When this end last took something. */
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

/** The place of the next message that this end sends. */
export function nextPlace(lane: Lane): LanePlace {
  lane.sent += 1;
  return { epoch: lane.epoch, lane: lane.lane, seq: lane.sent };
}

/**
 * What to do with a message of this lane:
 * `take` it; `drop` it, since it came before; or, after a `gap`, give up the lane.
 */
export function takePlace(
  lane: Lane,
  place: LanePlace,
  nowMonotonicMs: number,
): 'take' | 'drop' | 'gap' {
  if (place.seq <= lane.taken) return 'drop';
  if (place.seq !== lane.taken + 1) return 'gap';
  lane.taken = place.seq;
  lane.takenAtMonotonicMs = nowMonotonicMs;
  return 'take';
}
