/** The part of the tile, from where lines begin, in which a swipe may start: the rest has buttons. */
const STARTS_WITHIN = 0.6;
/** So far a finger goes, in CSS pixels… */
export const SWIPE_PX = 96;
/** …and so fast, in CSS pixels a millisecond, over the whole way. */
export const SWIPE_PX_PER_MS = 0.4;
/** A finger that has gone so far is seen to go one way or the other. */
const SETTLED_PX = 10;
/** A finger that comes back by so much has changed its mind. */
export const BACK_PX = 16;
/** The tile gives way by at most so much, less and less the farther the finger goes. */
const GIVE_PX = 72;

/** Where a finger is: across in the direction of reading, down, and when. */
export interface SwipePoint {
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
}

/**
 * - `idle`: no finger, or none that may swipe;
 * - `down`: a finger that has not gone anywhere yet;
 * - `swiping`: it goes towards the beginning of the line, as a page is turned.
 */
export type Swipe =
  | { readonly state: 'idle' }
  | { readonly state: 'down'; readonly from: SwipePoint }
  | {
      readonly state: 'swiping';
      readonly from: SwipePoint;
      readonly at: SwipePoint;
      /** The farthest that it has been. */
      readonly farthestPx: number;
    };

export type SwipeEvent =
  | { readonly event: 'down'; readonly point: SwipePoint; readonly widthPx: number }
  | { readonly event: 'move'; readonly point: SwipePoint }
  /** A second finger, or the browser took the first one for something else. */
  | { readonly event: 'cancel' };

export const NO_SWIPE: Swipe = { state: 'idle' };

/** Pure: what becomes of a swipe. What it means is asked with `isSwiped` when the finger lifts. */
export function swipe(before: Swipe, event: SwipeEvent): Swipe {
  switch (event.event) {
    case 'down':
      return event.point.x <= event.widthPx * STARTS_WITHIN
        ? { state: 'down', from: event.point }
        : NO_SWIPE;
    case 'move':
      return moved(before, event.point);
    case 'cancel':
      return NO_SWIPE;
    default:
      return event satisfies never;
  }
}

function moved(before: Swipe, point: SwipePoint): Swipe {
  switch (before.state) {
    case 'idle':
      return before;
    case 'down': {
      const { from } = before;
      const [across, down] = [from.x - point.x, Math.abs(from.y - point.y)];
      if (Math.max(Math.abs(across), down) < SETTLED_PX) return before;
      if (across <= down) return NO_SWIPE;
      return { state: 'swiping', from, at: point, farthestPx: across };
    }
    case 'swiping': {
      const { from, farthestPx } = before;
      const wayPx = from.x - point.x;
      return { ...before, at: point, farthestPx: Math.max(farthestPx, wayPx) };
    }
    default:
      return before satisfies never;
  }
}

/** Whether it is a swipe if the finger lifts now: far, fast, and not on its way back. */
export function isSwiped(current: Swipe): boolean {
  if (current.state !== 'swiping') return false;
  const { from, at, farthestPx } = current;
  const wayPx = from.x - at.x;
  const tookMs = Math.max(1, at.atMs - from.atMs);
  return wayPx > SWIPE_PX && wayPx / tookMs > SWIPE_PX_PER_MS && farthestPx - wayPx < BACK_PX;
}

/** How far the tile follows the finger, towards the beginning of the line: as a rubber band does. */
export function giveOf(current: Swipe): number {
  if (current.state !== 'swiping') return 0;
  const wayPx = Math.max(0, current.from.x - current.at.x);
  return GIVE_PX * (1 - 1 / (1 + wayPx / GIVE_PX));
}
