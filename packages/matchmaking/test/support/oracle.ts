import type { MatchRules } from '@farandole/matchmaking/mode';
import { rarityScore } from '@farandole/matchmaking/score';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { WideningSchedule } from '@farandole/matchmaking/widening';

export interface WaitingTicket {
  ticket: Ticket;
  readonly sinceMs: number;
  widened: boolean;
  /** The modes in whose crowds the ticket dropped all expiring wishes by MM-30a. */
  readonly eased: Set<string>;
}

/** A block of one person by another. Each person is identified by subject, device key or both. */
export interface Block {
  readonly by: readonly string[];
  readonly of: readonly string[];
  readonly network: string | null;
}

/** Thrown when a pool violates `rule` of SPEC.md. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: string;

  constructor(rule: string, message: string) {
    super(`[${rule}] ${message}`);
    this.rule = rule;
  }
}

const AGE_RANK = new Map([
  ['unknown', 0],
  ['declared', 1],
  ['estimated', 2],
  ['verified', 3],
]);

/** The modes of a server that offers all, from the least to the most revealing. */
const RUNGS = ['text', 'voice', 'video'];

/** Returns the modes in which a user agrees to start. */
export function rungsOf({ mode, lowest = mode }: Ticket): readonly string[] {
  if (mode === 'question') return [''];
  const from = RUNGS.indexOf(lowest);
  const to = RUNGS.indexOf(mode);
  return RUNGS.filter((_, at) => at === to || (at >= from && at <= to));
}

/** Checks a pool from raw tickets without this package's rules, so as not to share their bugs. */
export class Oracle {
  readonly #rules: MatchRules;
  readonly #schedule: WideningSchedule;
  readonly #quietBelow: number;
  readonly #blocks: Block[] = [];
  readonly #meetings: { readonly pair: readonly [Ticket, Ticket]; readonly atMs: number }[] = [];
  /** For each interest, the time when each person first used it. */
  readonly #uses = new Map<string, Map<string, number>>();

  constructor(rules: MatchRules, schedule: WideningSchedule, quietBelow: number) {
    this.#rules = rules;
    this.#schedule = schedule;
    this.#quietBelow = quietBelow;
  }

  block(block: Block): void {
    this.#blocks.push(block);
  }

  meet(a: Ticket, b: Ticket, atMs: number): void {
    this.#meetings.push({ pair: [a, b], atMs });
  }

  use(by: Ticket, atMs: number): void {
    const person = isUnproven(by) ? `origin ${by.origin}` : by.subject;
    for (const interest of by.interests) {
      const people = this.#uses.get(interest) ?? new Map<string, number>();
      if (!people.has(person)) people.set(person, atMs);
      this.#uses.set(interest, people);
    }
  }

  mayWait(ticket: Ticket): boolean {
    const mode = this.#rules.modes.get(ticket.mode);
    if (mode === undefined || !this.#rules.ageBands.has(ticket.ageBand)) return false;
    if (ticket.exchange !== undefined && !this.#rules.offersExchange) return false;
    const known = AGE_RANK.get(ticket.ageState) ?? Number.NaN;
    // Only the question mode has roles, and only a proven user may ask.
    const roles: readonly unknown[] =
      ticket.mode === 'question' ? ['asker', 'answerer'] : [undefined];
    if (!roles.includes(ticket.role) || (ticket.role === 'asker' && !ticket.proven)) return false;
    if (ticket.mode === 'question' && ticket.meeting !== undefined) return false;
    const asked = AGE_RANK.get(mode.ageStateRequired) ?? Number.NaN;
    return (
      !ticket.sanctioned && known >= asked && ticket.policyVersion >= this.#rules.policyVersion
    );
  }

  forbids(a: Ticket, b: Ticket, nowMs: number): string | null {
    if (!this.mayWait(a) || !this.mayWait(b)) return 'MM-25';
    if (a.meeting?.key !== b.meeting?.key) return 'MM-80';
    if (a.meeting !== undefined && a.meeting.seat === b.meeting?.seat) return 'MM-80';
    if ((a.community ?? null) !== (b.community ?? null)) return 'MM-110';
    if (!exchanges(a, b)) return 'MM-131';
    if ([a, b].some(({ mode }) => mode === 'question')) {
      if (a.mode !== b.mode) return 'MM-20';
      if (a.role === 'asker' && b.role === 'asker') return 'MM-142';
    }
    const start = Math.min(RUNGS.indexOf(a.mode), RUNGS.indexOf(b.mode));
    if ([a, b].some((one) => !rungsOf(one).includes(RUNGS[start] ?? ''))) return 'MM-20';
    if (a.ageBand !== b.ageBand) return 'MM-21';
    if ([a, b].filter(({ tier }) => tier === 'restricted').length === 1) return 'MM-27';
    if (a.subject === b.subject || a.deviceKey === b.deviceKey) return 'MM-22';
    if (a.network !== null && a.network === b.network) return 'MM-28';
    if (this.#blocks.some((block) => parts(block, a, b) || parts(block, b, a))) return 'MM-23';
    const isPair = ([x, y]: readonly [Ticket, Ticket], key: 'subject' | 'deviceKey'): boolean =>
      (x[key] === a[key] && y[key] === b[key]) || (x[key] === b[key] && y[key] === a[key]);
    const met = this.#meetings.findLast(
      ({ pair }) => isPair(pair, 'subject') || isPair(pair, 'deviceKey'),
    );
    // Both users of a private meeting have asked for it.
    if (a.meeting !== undefined) return null;
    const isCooling = met !== undefined && nowMs < met.atMs + this.#rules.rematchCooldownMs;
    return isCooling ? 'MM-24' : null;
  }

  /** Returns the shared interests that count by their use up to `tagsAsOfMs`. */
  shared(a: Ticket, b: Ticket, tagsAsOfMs: number): readonly string[] {
    const shared = common(a.interests, b.interests);
    if (!isUnproven(a) || !isUnproven(b) || (!a.onlyShared && !b.onlyShared)) return shared;
    return shared.filter((interest) => {
      const people = [...(this.#uses.get(interest)?.values() ?? [])];
      return people.filter((atMs) => atMs <= tagsAsOfMs).length >= 5;
    });
  }

  /** Applies MM-30a to the waiting tickets of one crowd of a mode at the start of a wave. */
  ease(crowd: readonly WaitingTicket[], mode: string, nowMs: number): void {
    if (crowd.length >= this.#quietBelow) return;
    for (const one of crowd) {
      if (nowMs >= one.sinceMs + this.#schedule.quietHeldMs) one.eased.add(mode);
    }
  }

  /** @param mode the mode whose crowd found the pair */
  wishesMet(
    a: WaitingTicket,
    b: WaitingTicket,
    mode: string,
    nowMs: number,
    tagsAsOfMs = nowMs,
  ): boolean {
    if (a.ticket.meeting !== undefined && b.ticket.meeting !== undefined) return true;
    // This wish doesn't expire sooner in a quiet crowd.
    const wantsBoth = [a, b].some(
      ({ ticket, sinceMs }) =>
        ticket.exchange !== undefined && nowMs < sinceMs + this.#schedule.exchangeHeldMs,
    );
    if (wantsBoth && (taught(a.ticket, b.ticket) === 0 || taught(b.ticket, a.ticket) === 0)) {
      return false;
    }
    const wantsInterest = [a, b].some((one) => this.#wantsInterest(one, mode, nowMs));
    const wantsLanguage = [a, b].some(
      ({ ticket, sinceMs, eased }) =>
        !eased.has(mode) &&
        ticket.languages.length > 0 &&
        nowMs < sinceMs + this.#schedule.languageHeldMs,
    );
    const wantsSegment = [a, b].some(
      ({ ticket, sinceMs, eased }) =>
        !eased.has(mode) &&
        (ticket.tier === 'good' || ticket.tier === 'normal') &&
        nowMs < sinceMs + this.#schedule.segmentHeldMs,
    );
    if (wantsSegment && a.ticket.circle !== b.ticket.circle) return false;
    if (wantsInterest && this.shared(a.ticket, b.ticket, tagsAsOfMs).length === 0) return false;
    const fits = shareLanguage(a.ticket, b.ticket) || [a, b].some((one) => saysNothing(one.ticket));
    return !wantsLanguage || fits;
  }

  /** Returns the score of a pair. `crowd` must include both tickets. */
  score(
    a: WaitingTicket,
    b: WaitingTicket,
    crowd: readonly WaitingTicket[],
    nowMs: number,
  ): number {
    let score = shareLanguage(a.ticket, b.ticket) ? 3_000 : 0;
    for (const { sinceMs } of [a, b]) {
      score += Math.min(6, Math.floor((nowMs - sinceMs) / 5_000)) * 500;
    }
    const counted = crowd.filter(({ ticket }) => !isUnproven(ticket));
    for (const interest of this.shared(a.ticket, b.ticket, nowMs)) {
      const bearing = counted.filter(({ ticket }) => ticket.interests.includes(interest)).length;
      score += rarityScore(Math.max(1, counted.length), Math.max(1, bearing));
    }
    return score;
  }

  #wantsInterest(
    { ticket, sinceMs, widened, eased }: WaitingTicket,
    mode: string,
    nowMs: number,
  ): boolean {
    if (widened || ticket.interests.length === 0) return false;
    if (ticket.onlyShared) return true;
    return !eased.has(mode) && nowMs < sinceMs + this.#schedule.interestHeldMs;
  }
}

/** Returns how many languages `learner` learns and `speaker` speaks. */
function taught({ exchange: speaker }: Ticket, { exchange: learner }: Ticket): number {
  const learns = (learner?.learns ?? []).map(({ language }) => language);
  return common(learns, speaker?.speaks ?? []).length;
}

/** Whether two ordinary tickets, or two complementary ones of an exchange. */
function exchanges(a: Ticket, b: Ticket): boolean {
  if (a.exchange === undefined && b.exchange === undefined) return true;
  if (a.exchange === undefined || b.exchange === undefined) return false;
  const [aGains, bGains] = [taught(b, a) > 0, taught(a, b) > 0];
  if (aGains && bGains) return true;
  return (aGains && b.exchange.helps) || (bGains && a.exchange.helps);
}

function parts({ by, of, network }: Block, one: Ticket, other: Ticket): boolean {
  const has = (names: readonly string[], { subject, deviceKey }: Ticket): boolean =>
    names.includes(subject) || names.includes(deviceKey);
  // Every user is treated as new, because these simulated worlds last less than a day.
  const isNeighbour = network !== null && !other.proven && other.origin === network;
  return has(by, one) && (has(of, other) || isNeighbour);
}

function isUnproven({ proven, origin }: Ticket): boolean {
  return !proven && origin !== null;
}

export function common(a: readonly string[], b: readonly string[]): string[] {
  return a.filter((item) => b.includes(item));
}

function shareLanguage(a: Ticket, b: Ticket): boolean {
  const primary = (tag: string): string => tag.split('-', 1)[0] ?? '';
  return common(a.languages.map(primary), b.languages.map(primary)).length > 0;
}

function saysNothing(ticket: Ticket): boolean {
  return ticket.languages.length === 0;
}
