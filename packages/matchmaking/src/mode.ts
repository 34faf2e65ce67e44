import { assert } from '@farandole/kernel/assert';
import { NAME_UNITS_MAX, REMATCH_COOLDOWN_MS } from './limits.ts';

export type ModeId = string;
/** Users of different age bands never meet. Servers run only the band `adult` by default. */
export type AgeBand = string;

/** How certain the server is about a user's age, from least to most certain. */
export const AGE_STATES = ['unknown', 'declared', 'estimated', 'verified'] as const;
export type AgeState = (typeof AGE_STATES)[number];

export type Medium = 'text' | 'sound' | 'picture';

/** Rules for one participant of a call. The first seat is named `a`, the second `b`. */
export interface SeatRules {
  /** Two seats with the same role are interchangeable. */
  readonly role: string;
  readonly sends: readonly Medium[];
  /** Whether the user sends one question with the search, and nothing else. Only proven users ask. */
  readonly asks?: true;
}

/** Rules that every two users of a call must satisfy. `eligibility.ts` defines each. */
export const HARD_RULES = [
  'meeting-differs',
  'community-differs',
  'not-complementary',
  'mode-differs',
  'age-band-differs',
  'circle-differs',
  'same-subject',
  'same-device',
  'same-network',
  'role-taken',
  'kept-apart',
  'met-recently',
] as const;
export type HardRule = (typeof HARD_RULES)[number];

/** Soft requirements that a ticket can have for a limited time. `widening.ts` defines how long. */
export const WISHES = [
  'shared-interest',
  'shared-language',
  'same-circle',
  'mutual-exchange',
] as const;
export type Wish = (typeof WISHES)[number];

export const REPORT_REASONS = [
  'sexual-content',
  'may-be-under-18',
  'threat-or-violence',
  'hate',
  'self-harm',
  'urging-self-harm',
  'recording-or-sharing',
  'scam-or-spam',
  'other',
] as const;

/** Report reason of language exchange, in addition to those of the call's rung. */
export const NOT_HERE_TO_LEARN = 'not-here-to-learn';

/** Name of language exchange in the setting of the offered ways to meet. */
export const EXCHANGE: ModeId = 'exchange';

export interface ModeRules {
  readonly id: ModeId;
  readonly seats: readonly SeatRules[];
  readonly ageStateRequired: AgeState;
  /** Rules in the order of checking. A mode may add rules to `HARD_RULES` but may omit none. */
  readonly hardRules: readonly HardRule[];
  readonly wishes: readonly Wish[];
  /** The mode that a running call switches to when all participants agree. Null if none exists. */
  readonly turnsTo: ModeId | null;
  readonly reportReasons: readonly string[];
}

/** Matching settings. All nodes of a server share them. */
export interface MatchRules {
  readonly modes: ReadonlyMap<ModeId, ModeRules>;
  /**
   * Whether the server offers language exchange. An exchange uses the rungs of `modes`, so a call
   * moves between text, voice and video as every call does.
   */
  readonly offersExchange: boolean;
  readonly ageBands: ReadonlySet<AgeBand>;
  /** Oldest version of the house rules that a user may have accepted. */
  readonly policyVersion: number;
  readonly rematchCooldownMs: number;
}

export interface MatchRulesInput {
  readonly policyVersion: number;
  /** Age state that the default modes require. Ignored if `modes` is given. */
  readonly ageStateRequired?: AgeState;
  /**
   * Which rungs of `LADDER` the server offers, unless `modes` is given, and whether it offers
   * `EXCHANGE`.
   */
  readonly offered?: readonly ModeId[] | undefined;
  readonly modes?: readonly ModeRules[];
  readonly ageBands?: readonly AgeBand[];
  readonly rematchCooldownMs?: number;
}

/** The ways to meet from the least to the most revealing. Each rung adds one medium. */
export const LADDER: readonly { readonly id: ModeId; readonly adds: Medium }[] = [
  { id: 'text', adds: 'text' },
  { id: 'voice', adds: 'sound' },
  { id: 'video', adds: 'picture' },
];

export const OFFERED_BY_DEFAULT: readonly ModeId[] = ['video', 'text'];

/** Two strangers discuss the asker's question in text, while the asker reads. */
export const QUESTION: ModeId = 'question';

/**
 * Returns a row for each offered rung, and for the question mode if it is offered. A call on a rung
 * may move to the next offered rung. A server whose only rung is voice passes only sound.
 */
export function defaultModes(
  ageStateRequired: AgeState = 'declared',
  offered: readonly ModeId[] = OFFERED_BY_DEFAULT,
): readonly ModeRules[] {
  const common = {
    ageStateRequired,
    hardRules: HARD_RULES,
    wishes: WISHES,
    reportReasons: REPORT_REASONS,
  };
  const rungs = LADDER.filter(({ id }) => offered.includes(id));
  const isVoiceOnly = rungs.length === 1 && rungs[0]?.id === 'voice';
  const modes: ModeRules[] = [];
  const sends: Medium[] = [];
  for (const { id, adds } of LADDER) {
    sends.push(adds);
    if (!offered.includes(id)) continue;
    const media = isVoiceOnly ? [adds] : [...sends];
    modes.push({ id, seats: peers(...media), turnsTo: null, ...common });
  }
  const ladder = modes.map((mode, at) => ({ ...mode, turnsTo: modes[at + 1]?.id ?? null }));
  if (!offered.includes(QUESTION)) return ladder.toReversed();
  const answerer: SeatRules = { role: 'answerer', sends: ['text'] };
  const seats: readonly SeatRules[] = [
    { role: 'asker', sends: [], asks: true },
    ...[answerer, answerer],
  ];
  // Interests say nothing about a question, and a segment would halve a small crowd.
  const wishes: readonly Wish[] = ['shared-language'];
  return [...ladder.toReversed(), { ...common, id: QUESTION, seats, turnsTo: null, wishes }];
}

function peers(...sends: readonly Medium[]): readonly SeatRules[] {
  const peer = { role: 'peer', sends };
  return [peer, peer];
}

/** @throws AssertionError if the table of modes is inconsistent */
export function createMatchRules(input: MatchRulesInput): MatchRules {
  const modes = new Map<ModeId, ModeRules>();
  for (const mode of input.modes ?? defaultModes(input.ageStateRequired, input.offered)) {
    assert(isName(mode.id), `a mode has a malformed name: ${mode.id}`);
    assert(!modes.has(mode.id), `two modes are named ${mode.id}`);
    modes.set(mode.id, mode);
  }
  for (const mode of modes.values()) checkMode(mode, modes);
  const ageBands = new Set(input.ageBands ?? ['adult']);
  for (const band of ageBands) assert(isName(band), `an age band has a malformed name: ${band}`);
  const offersExchange = input.offered?.includes(EXCHANGE) ?? false;
  assert(!offersExchange || modes.size > 0, 'language exchange needs text, voice or video');
  return {
    modes,
    offersExchange,
    ageBands,
    policyVersion: input.policyVersion,
    rematchCooldownMs: input.rematchCooldownMs ?? REMATCH_COOLDOWN_MS,
  };
}

function checkMode(mode: ModeRules, modes: ReadonlyMap<ModeId, ModeRules>): void {
  const { id, seats, hardRules, turnsTo } = mode;
  // The pool proposes pairs, and groups of one reader and two others. A mode with other seats needs
  // another search.
  const [first, second, third, ...others] = seats;
  const isPair = second !== undefined && third === undefined;
  const isGroup = third !== undefined && second?.role === third.role && first?.role !== third.role;
  assert(isPair || (isGroup && others.length === 0), `the mode ${id} has ${seats.length} seats`);
  for (const rule of HARD_RULES) assert(hardRules.includes(rule), `the mode ${id} omits ${rule}`);
  if (turnsTo === null) return;
  const next = modes.get(turnsTo);
  assert(next?.seats.length === seats.length, `the mode ${id} upgrades to a mode with other seats`);
  // A rung up adds a medium and takes none away, so the rungs of a ladder have one order.
  for (const [at, { sends }] of seats.entries()) {
    const more = next.seats[at]?.sends ?? [];
    const isMore = more.length > sends.length && sends.every((medium) => more.includes(medium));
    assert(isMore, `the mode ${id} upgrades to a mode without more media`);
  }
}

/** Whether the mode has seats with different roles, of which a ticket names one. */
export function hasRoles({ seats: [first, second] }: ModeRules): boolean {
  return first?.role !== second?.role;
}

/** Returns the rules of the seats that a ticket with the role can take. */
export function seatsOf(mode: ModeRules, role: string | undefined): readonly SeatRules[] {
  if (!hasRoles(mode)) return role === undefined ? mode.seats : [];
  return mode.seats.filter((seat) => seat.role === role);
}

/** Whether a user of the mode may send the medium. */
export function carries({ seats }: ModeRules, medium: Medium): boolean {
  return seats.some(({ sends }) => sends.includes(medium));
}

/** Whether the mode needs a connection between the users' browsers. */
export function carriesMedia(mode: ModeRules): boolean {
  return carries(mode, 'sound') || carries(mode, 'picture');
}

/** Whether a call can move up from one mode to the other, over any number of rungs. */
export function isBelow(lower: ModeId, upper: ModeId, modes: MatchRules['modes']): boolean {
  let next = modes.get(lower)?.turnsTo ?? null;
  while (next !== null && next !== upper) next = modes.get(next)?.turnsTo ?? null;
  return next !== null;
}

/** The rungs of a search: the chosen mode, and the lowest one at which the user agrees to start. */
export interface Rungs {
  readonly mode: ModeId;
  /** Absent if the user agrees only to `mode`. */
  readonly lowest?: ModeId;
}

/**
 * Returns the mode in which two users start: the lower of the two that they chose. Null if they
 * chose modes of different ladders, or if one of them doesn't agree to start that low.
 */
export function startMode(a: Rungs, b: Rungs, modes: MatchRules['modes']): ModeId | null {
  if (a.mode === b.mode) return a.mode;
  const [low, high] = isBelow(a.mode, b.mode, modes) ? [a, b] : [b, a];
  if (!isBelow(low.mode, high.mode, modes)) return null;
  return startsAt(high, low.mode, modes) ? low.mode : null;
}

/** Whether the user of a search agrees to start in the mode. */
export function startsAt({ mode, lowest }: Rungs, at: ModeId, modes: MatchRules['modes']): boolean {
  if (at === mode) return true;
  if (lowest === undefined || !isBelow(at, mode, modes)) return false;
  return at === lowest || isBelow(lowest, at, modes);
}

export function ageStateMeets(state: AgeState, required: AgeState): boolean {
  return AGE_STATES.indexOf(state) >= AGE_STATES.indexOf(required);
}

export function isAgeState(text: string): text is AgeState {
  return (AGE_STATES as readonly string[]).includes(text);
}

/** Returns whether the text consists of lower-case words joined by hyphens and is short enough. */
export function isName(text: string): boolean {
  return text.length <= NAME_UNITS_MAX && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
}
