import {
  type HourPlan,
  hoursFor,
  isOffered,
  NO_HOURS,
  offeredFromMs,
} from '@farandole/matchmaking/hours';
import type { Mode } from '@farandole/protocol/fields';
import { HOUR_LOBBY_MS } from '@farandole/protocol/limits';
import type { GatewayContext } from './context.ts';

export function hoursOf({ ports }: GatewayContext): HourPlan {
  return ports.hours?.() ?? NO_HOURS;
}

/** The mode of a search or call, and the community in which it is. Undefined in the open pool. */
export interface Wanted {
  readonly mode: Mode;
  readonly community: string | undefined;
}

/** Whether users may be matched in the mode now, by the published hours. */
export function isOpen(context: GatewayContext, { mode, community }: Wanted): boolean {
  const { wallMs } = context.now;
  return isOffered(hoursFor(hoursOf(context), community, wallMs), mode, wallMs);
}

/** Whether a user may wait in the mode: to be matched now, or for an hour that begins soon. */
export function mayWaitFor(context: GatewayContext, wanted: Wanted): boolean {
  const inMs = opensIn(context, wanted);
  return inMs === null ? isOpen(context, wanted) : inMs <= HOUR_LOBBY_MS;
}

/** Returns in how many ms an hour of a mode begins that isn't open now. Null if none does. */
export function opensIn(context: GatewayContext, wanted: Wanted): number | null {
  if (isOpen(context, wanted)) return null;
  const { wallMs } = context.now;
  const plan = hoursFor(hoursOf(context), wanted.community, wallMs);
  const atMs = offeredFromMs(plan, wanted.mode, wallMs);
  return atMs === null ? null : atMs - wallMs;
}

/** Returns in how many ms the hour begins for which a user waits: 0 if it is on, null without one. */
export function hourIn(context: GatewayContext, wanted: Wanted): number | null {
  return isInRounds(context, wanted) ? 0 : opensIn(context, wanted);
}

/** Whether an hour of the mode is on in this very pool. */
function isInRounds({ hoursSeen }: GatewayContext, { mode, community }: Wanted): boolean {
  return hoursSeen.on.some((hour) => hour.mode === mode && hour.community === community);
}

/**
 * Returns the usual waiting time in a mode of the open pool. Null in an hour, in which no time is
 * promised.
 */
export function usualWaitOf(context: GatewayContext, mode: Mode): number | null {
  const wanted = { mode, community: undefined };
  if (isInRounds(context, wanted) || !isOpen(context, wanted)) return null;
  return context.usualWaits.of(mode, context.now.monotonicMs);
}
