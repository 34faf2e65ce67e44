import { assert } from '@farandole/kernel/assert';
import { NAME_UNITS_MAX, REMATCH_COOLDOWN_MS } from './limits.ts';

/** The name of a way to meet, such as `video` or `text`. Which there are is data. */
export type ModeId = string;
/**
 * The name of a group of ages that meets only itself. `adult` is the only one that a server runs
 * unless its operator says otherwise.
 */
export type AgeBand = string;

/** How well a person's age is known, from nothing to proof, in rising order. */
export const AGE_STATES = ['unknown', 'declared', 'estimated', 'verified'] as const;
export type AgeState = (typeof AGE_STATES)[number];

/** What a mode asks of a person, and what its call carries. */
export interface ModeRules {
  readonly id: ModeId;
  /** The least that must be known of a person's age. */
  readonly ageStateRequired: AgeState;
  /** Whether the call carries sound and picture, or text alone. */
  readonly media: 'audio-video' | 'none';
}

/** What holds for everybody on one server: the same on each of its nodes. */
export interface MatchRules {
  readonly modes: ReadonlyMap<ModeId, ModeRules>;
  readonly ageBands: ReadonlySet<AgeBand>;
  /** The version of the house rules that a person must have agreed to; a later one is as good. */
  readonly policyVersion: number;
  /** How long two people who met are kept apart. */
  readonly rematchCooldownMs: number;
}

export interface MatchRulesInput {
  readonly policyVersion: number;
  /** Asked of both default modes. Ignored when `modes` is given. */
  readonly ageStateRequired?: AgeState;
  readonly modes?: readonly ModeRules[];
  readonly ageBands?: readonly AgeBand[];
  readonly rematchCooldownMs?: number;
}

/** Video and text, each asking the same of a person's age. */
export function defaultModes(ageStateRequired: AgeState = 'declared'): readonly ModeRules[] {
  return [
    { id: 'video', ageStateRequired, media: 'audio-video' },
    { id: 'text', ageStateRequired, media: 'none' },
  ];
}

/** @throws AssertionError when two modes share a name or a name is malformed: the operator's table is ours to check at start. */
export function createMatchRules(input: MatchRulesInput): MatchRules {
  const modes = new Map<ModeId, ModeRules>();
  for (const mode of input.modes ?? defaultModes(input.ageStateRequired)) {
    assert(isName(mode.id), `a mode has a malformed name: ${mode.id}`);
    assert(!modes.has(mode.id), `two modes are named ${mode.id}`);
    modes.set(mode.id, mode);
  }
  const ageBands = new Set(input.ageBands ?? ['adult']);
  for (const band of ageBands) assert(isName(band), `an age band has a malformed name: ${band}`);
  return {
    modes,
    ageBands,
    policyVersion: input.policyVersion,
    rematchCooldownMs: input.rematchCooldownMs ?? REMATCH_COOLDOWN_MS,
  };
}

/** Whether what is known of an age is at least what is asked. */
export function ageStateMeets(state: AgeState, required: AgeState): boolean {
  return AGE_STATES.indexOf(state) >= AGE_STATES.indexOf(required);
}

export function isAgeState(text: string): text is AgeState {
  return (AGE_STATES as readonly string[]).includes(text);
}

/** Whether a text can name a mode or an age band: lower-case words joined by hyphens. */
export function isName(text: string): boolean {
  return text.length <= NAME_UNITS_MAX && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
}
