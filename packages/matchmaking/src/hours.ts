import { ROUND_GATHER_MS, ROUND_MS } from './limits.ts';
import type { ModeId } from './mode.ts';

/** What the server offers outside the hours: every mode, only text, or nothing. */
export const DOORS = ['open', 'text', 'closed'] as const;
export type Door = (typeof DOORS)[number];

/** One occurrence of a published hour. Times are wall-clock ms. */
export interface Hour {
  readonly id: string;
  readonly title: string;
  readonly mode: ModeId;
  /** Name of the community whose users meet. Absent in the open pool. */
  readonly community?: string;
  readonly startMs: number;
  /** The first ms after the hour. */
  readonly endMs: number;
}

/** The hours of a server, in order of their start. No two hours of one pool overlap. */
export interface HourPlan {
  readonly door: Door;
  readonly hours: readonly Hour[];
}

export const NO_HOURS: HourPlan = { door: 'open', hours: [] };

/** Returns the hours of a community, or those of the open pool. */
export function hoursIn({ door, hours }: HourPlan, community?: string): HourPlan {
  return { door, hours: hours.filter((hour) => hour.community === community) };
}

/**
 * Returns the hours that decide on searches in a community, or in the open pool. A community
 * without an hour ahead follows those of the open pool.
 */
export function hoursFor(plan: HourPlan, community: string | undefined, wallMs: number): HourPlan {
  const own = hoursIn(plan, community);
  return hourFrom(own, wallMs) === null ? hoursIn(plan) : own;
}

/** Returns all hours that are on, at most one of each pool. */
export function hoursAt({ hours }: HourPlan, wallMs: number): readonly Hour[] {
  return hours.filter(({ startMs, endMs }) => startMs <= wallMs && wallMs < endMs);
}

/** @param plan the hours of one pool, as in the functions below */
export function hourAt({ hours }: HourPlan, wallMs: number): Hour | null {
  return hours.find(({ startMs, endMs }) => startMs <= wallMs && wallMs < endMs) ?? null;
}

/** Returns the hour that is on, or else the next one. Null if none is left. */
export function hourFrom({ hours }: HourPlan, wallMs: number): Hour | null {
  return hours.find(({ endMs }) => wallMs < endMs) ?? null;
}

/** Returns the door that is in force. It is open once no hour is left, so no server locks itself. */
export function doorAt(plan: HourPlan, wallMs: number): Door {
  return hourFrom(plan, wallMs) === null ? 'open' : plan.door;
}

/** Whether users may search in the mode: by the door, or because an hour of the mode is on. */
export function isOffered(plan: HourPlan, mode: ModeId, wallMs: number): boolean {
  const door = doorAt(plan, wallMs);
  if (door === 'open' || (door === 'text' && mode === 'text')) return true;
  return hourAt(plan, wallMs)?.mode === mode;
}

/** Returns when users may search in a mode that isn't offered now. Null if no hour has the mode. */
export function offeredFromMs({ hours }: HourPlan, mode: ModeId, wallMs: number): number | null {
  return hours.find((hour) => hour.mode === mode && wallMs < hour.startMs)?.startMs ?? null;
}

/** What the pool does in an hour at one time. */
export interface RoundState {
  readonly mode: ModeId;
  /** Undefined in the open pool. */
  readonly community: string | undefined;
  /** Whether the bell has just rung, so that the users who come from their calls can gather. */
  readonly gathers: boolean;
}

/** Returns the rounds of all hours that are on. They follow from the hours and the time alone. */
export function roundsAt(plan: HourPlan, wallMs: number): readonly RoundState[] {
  return hoursAt(plan, wallMs).map(({ mode, community, startMs }) => {
    return { mode, community, gathers: (wallMs - startMs) % ROUND_MS < ROUND_GATHER_MS };
  });
}

/** Returns when the next bell of an hour that is on rings. Null if the hour ends before. */
export function nextBellMs({ startMs, endMs }: Hour, wallMs: number): number | null {
  const rounds = Math.floor((wallMs - startMs) / ROUND_MS) + 1;
  const bellMs = startMs + rounds * ROUND_MS;
  return bellMs < endMs ? bellMs : null;
}
