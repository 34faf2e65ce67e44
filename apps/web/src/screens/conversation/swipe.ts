/**
 * Share of the tile's width, measured from the line start, in which a swipe may begin. Buttons
 * fill the rest of the tile.
 */
const STARTS_WITHIN = 0.6;
/** Minimum distance of a swipe, in CSS pixels. */
export const SWIPE_PX = 96;
/** Minimum average speed of a swipe, in CSS pixels per millisecond. */
export const SWIPE_PX_PER_MS = 0.4;
/** Distance in CSS pixels after which the direction of a finger's movement is known. */
const SETTLED_PX = 10;
/** Distance in CSS pixels by which a finger must move back to cancel a swipe. */
export const BACK_PX = 16;
/**
 * Maximum offset of a swiped tile in CSS pixels. The farther the finger moves, the less the tile
 * follows.
 */
const GIVE_PX = 72;

/** Position of a finger at a time, with x along the reading direction and y downwards. */
export interface SwipePoint {
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
}

/**
 * State of a swipe:
 * - `idle`: no finger is down that could swipe;
 * - `down`: the finger hasn't moved far enough;
 * - `swiping`: the finger moves towards the line start.
 */
export type Swipe =
  | { readonly state: 'idle' }
  | { readonly state: 'down'; readonly from: SwipePoint }
  | {
      readonly state: 'swiping';
      readonly from: SwipePoint;
      readonly at: SwipePoint;
      readonly farthestPx: number;
    };

export type SwipeEvent =
  | {
      readonly event: 'down';
      readonly point: SwipePoint;
      readonly widthPx: number;
      /** Whether the finger is at an edge of the window, where the system's gestures start. */
      readonly isAtEdge: boolean;
    }
  | { readonly event: 'move'; readonly point: SwipePoint }
  /** The swipe ends when a second finger is down or the browser handles the touch. */
  | { readonly event: 'cancel' };

export const NO_SWIPE: Swipe = { state: 'idle' };

/**
 * Returns the next state of a swipe. `isSwiped` must be called before the event `up` is applied.
 */
export function swipe(before: Swipe, event: SwipeEvent): Swipe {
  switch (event.event) {
    case 'down':
      return !event.isAtEdge && event.point.x <= event.widthPx * STARTS_WITHIN
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

/**
 * Returns whether lifting the finger now counts as a swipe, which must be far and fast and must
 * not move back.
 */
export function isSwiped(current: Swipe): boolean {
  if (current.state !== 'swiping') return false;
  const { from, at, farthestPx } = current;
  const wayPx = from.x - at.x;
  const tookMs = Math.max(1, at.atMs - from.atMs);
  return wayPx > SWIPE_PX && wayPx / tookMs > SWIPE_PX_PER_MS && farthestPx - wayPx < BACK_PX;
}

/**
 * Returns how far a swiped tile moves towards the line start. The tile resists like a rubber
 * band.
 */
export function giveOf(current: Swipe): number {
  if (current.state !== 'swiping') return 0;
  const wayPx = Math.max(0, current.from.x - current.at.x);
  return GIVE_PX * (1 - 1 / (1 + wayPx / GIVE_PX));
}
