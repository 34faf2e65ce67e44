import { assert } from '@farandole/kernel/assert';
import { NAME_UNITS_MAX, REMATCH_COOLDOWN_MS, SEATS_PAIRED } from './limits.ts';

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

/** What a seat may send to the others. */
export type Medium = 'text' | 'sound' | 'picture';

/** One seat of a mode. Seats are named by their order: the first is `a`, the second `b`. */
export interface SeatRules {
  /** What the person in it does there. Seats of one role are alike. */
  readonly role: string;
  readonly sends: readonly Medium[];
}

/** The rules between every two people of a call; `eligibility.ts` says what each forbids. */
export const HARD_RULES = [
  'mode-differs',
  'age-band-differs',
  'circle-differs',
  'same-subject',
  'same-device',
  'same-network',
  'blocked',
  'met-recently',
] as const;
export type HardRule = (typeof HARD_RULES)[number];

/** The wishes that a ticket may hold; `widening.ts` says for how long it holds each. */
export const WISHES = ['shared-interest', 'shared-language', 'same-circle'] as const;
export type Wish = (typeof WISHES)[number];

/** Why a person may report another, in every mode of today. */
export const REPORT_REASONS = [
  'sexual-content',
  'may-be-under-18',
  'threat-or-violence',
  'hate',
  'self-harm',
  'recording-or-sharing',
  'scam-or-spam',
  'other',
] as const;

/** A way to meet, as data: one row of the table that a server runs. */
export interface ModeRules {
  readonly id: ModeId;
  readonly seats: readonly SeatRules[];
  /** The least that must be known of a person's age. */
  readonly ageStateRequired: AgeState;
  /** Asked of every two tickets, in this order. A mode may add rules to `HARD_RULES`, not omit one. */
  readonly hardRules: readonly HardRule[];
  readonly wishes: readonly Wish[];
  /** The mode that a running call changes to when all its people agree; null for none. */
  readonly turnsTo: ModeId | null;
  readonly reportReasons: readonly string[];
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

/** Video and text, for two people each, with the same age state required. */
export function defaultModes(ageStateRequired: AgeState = 'declared'): readonly ModeRules[] {
  const common = {
    ageStateRequired,
    hardRules: HARD_RULES,
    wishes: WISHES,
    reportReasons: REPORT_REASONS,
  };
  return [
    { id: 'video', seats: peers('text', 'sound', 'picture'), turnsTo: null, ...common },
    { id: 'text', seats: peers('text'), turnsTo: 'video', ...common },
  ];
}

function peers(...sends: readonly Medium[]): readonly SeatRules[] {
  const peer = { role: 'peer', sends };
  return [peer, peer];
}

/** @throws AssertionError if the table of modes contradicts itself: the table is our own. */
export function createMatchRules(input: MatchRulesInput): MatchRules {
  const modes = new Map<ModeId, ModeRules>();
  for (const mode of input.modes ?? defaultModes(input.ageStateRequired)) {
    assert(isName(mode.id), `a mode has a malformed name: ${mode.id}`);
    assert(!modes.has(mode.id), `two modes are named ${mode.id}`);
    modes.set(mode.id, mode);
  }
  for (const mode of modes.values()) checkMode(mode, modes);
  const ageBands = new Set(input.ageBands ?? ['adult']);
  for (const band of ageBands) assert(isName(band), `an age band has a malformed name: ${band}`);
  return {
    modes,
    ageBands,
    policyVersion: input.policyVersion,
    rematchCooldownMs: input.rematchCooldownMs ?? REMATCH_COOLDOWN_MS,
  };
}

function checkMode(mode: ModeRules, modes: ReadonlyMap<ModeId, ModeRules>): void {
  const { id, seats, hardRules, turnsTo } = mode;
  // The pool proposes pairs. More seats need another way to find people, and nothing else here.
  assert(seats.length === SEATS_PAIRED, `the mode ${id} has ${seats.length} seats`);
  for (const rule of HARD_RULES) assert(hardRules.includes(rule), `the mode ${id} omits ${rule}`);
  if (turnsTo === null) return;
  const next = modes.get(turnsTo);
  assert(next?.seats.length === seats.length, `the mode ${id} turns to no mode of as many seats`);
}

/** Whether a call in the mode carries sound or picture. */
export function carriesMedia({ seats }: ModeRules): boolean {
  return seats.some(({ sends }) => sends.includes('sound') || sends.includes('picture'));
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
