import { type HourPlan, isOffered, NO_HOURS, offeredFromMs } from '@farandole/matchmaking/hours';
import type { Mode } from '@farandole/protocol/fields';
import { HOUR_LOBBY_MS } from '@farandole/protocol/limits';
import type { GatewayContext } from './context.ts';

export function hoursOf({ ports }: GatewayContext): HourPlan {
  return ports.hours?.() ?? NO_HOURS;
}

/** Whether users may be matched in the mode now, by the published hours. */
export function isOpen(context: GatewayContext, mode: Mode): boolean {
  return isOffered(hoursOf(context), mode, context.now.wallMs);
}

/** Whether a user may wait in the mode: to be matched now, or for an hour that begins soon. */
export function mayWaitFor(context: GatewayContext, mode: Mode): boolean {
  const inMs = opensIn(context, mode);
  return inMs === null ? isOpen(context, mode) : inMs <= HOUR_LOBBY_MS;
}

/** Returns in how many ms an hour of a mode begins that isn't open now. Null if none does. */
export function opensIn(context: GatewayContext, mode: Mode): number | null {
  if (isOpen(context, mode)) return null;
  const { wallMs } = context.now;
  const atMs = offeredFromMs(hoursOf(context), mode, wallMs);
  return atMs === null ? null : atMs - wallMs;
}

/** Returns in how many ms the hour begins for which a user waits: 0 if it is on, null without one. */
export function hourIn(context: GatewayContext, mode: Mode): number | null {
  return context.hoursSeen.hour?.mode === mode ? 0 : opensIn(context, mode);
}

/** Returns the usual waiting time in a mode. Null in an hour, in which no time is promised. */
export function usualWaitOf(context: GatewayContext, mode: Mode): number | null {
  if (context.hoursSeen.hour?.mode === mode || !isOpen(context, mode)) return null;
  return context.usualWaits.of(mode, context.now.monotonicMs);
}
