import { signal } from '@preact/signals';
import { CORNERS, type Corner } from '../../state/preferences-model.ts';

/** Whether the user's own picture is large and the stranger's picture is in the corner. */
export const isSwapped = signal(false);

/** A drag starts after this distance, in CSS pixels. A shorter one counts as a tap. */
export const DRAG_FROM_PX = 8;

/**
 * No gesture starts this close to an edge of the window, in CSS pixels, because the system's own
 * gestures start there.
 */
export const EDGE_PX = 24;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Field {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function isAtEdge({ x, y }: Spot, width: number, height: number): boolean {
  return x < EDGE_PX || y < EDGE_PX || x > width - EDGE_PX || y > height - EDGE_PX;
}

/** Returns the corner nearest to a point. `start` is on the right in right-to-left languages. */
export function cornerNear({ x, y }: Spot, field: Field, isRtl: boolean): Corner {
  const isLeft = x < field.left + field.width / 2;
  const down = y < field.top + field.height / 2 ? 'top' : 'bottom';
  return `${down}-${isLeft === isRtl ? 'end' : 'start'}`;
}

export function cornerAfter(corner: Corner): Corner {
  return CORNERS[(CORNERS.indexOf(corner) + 1) % CORNERS.length] ?? 'top-end';
}
