import type { MatchRules } from '@farandole/matchmaking/mode';
import { rarityScore } from '@farandole/matchmaking/score';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { WideningSchedule } from '@farandole/matchmaking/widening';

export interface WaitingTicket {
  ticket: Ticket;
  readonly sinceMs: number;
  widened: boolean;
}

/** A pool's violation of `rule` in SPEC.md. */
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

/** Recomputes from raw tickets, without the package's rules and so without their faults. */
export class Oracle {
  readonly #rules: MatchRules;
  readonly #schedule: WideningSchedule;
  readonly #blocks: (readonly [string, string])[] = [];
  readonly #meetings: { readonly pair: readonly [string, string]; readonly atMs: number }[] = [];

  constructor(rules: MatchRules, schedule: WideningSchedule) {
    this.#rules = rules;
    this.#schedule = schedule;
  }

  block(by: string, of: string): void {
    this.#blocks.push([by, of]);
  }

  meet(a: string, b: string, atMs: number): void {
    this.#meetings.push({ pair: [a, b], atMs });
  }

  mayWait(ticket: Ticket): boolean {
    const mode = this.#rules.modes.get(ticket.mode);
    if (mode === undefined || !this.#rules.ageBands.has(ticket.ageBand)) return false;
    const known = AGE_RANK.get(ticket.ageState) ?? Number.NaN;
    const asked = AGE_RANK.get(mode.ageStateRequired) ?? Number.NaN;
    return (
      !ticket.sanctioned && known >= asked && ticket.policyVersion >= this.#rules.policyVersion
    );
  }

  forbids(a: Ticket, b: Ticket, nowMs: number): string | null {
    if (!this.mayWait(a) || !this.mayWait(b)) return 'MM-25';
    if (a.mode !== b.mode) return 'MM-20';
    if (a.ageBand !== b.ageBand) return 'MM-21';
    if ([a, b].filter(({ tier }) => tier === 'restricted').length === 1) return 'MM-27';
    if (a.subject === b.subject || a.deviceKey === b.deviceKey) return 'MM-22';
    if (a.network !== null && a.network === b.network) return 'MM-28';
    const isPair = ([x, y]: readonly [string, string]): boolean =>
      (x === a.subject && y === b.subject) || (x === b.subject && y === a.subject);
    if (this.#blocks.some(isPair)) return 'MM-23';
    const metAtMs = this.#meetings.findLast(({ pair }) => isPair(pair))?.atMs;
    const isCooling = metAtMs !== undefined && nowMs < metAtMs + this.#rules.rematchCooldownMs;
    return isCooling ? 'MM-24' : null;
  }

  wishesMet(a: WaitingTicket, b: WaitingTicket, nowMs: number): boolean {
    const wantsInterest = [a, b].some((one) => this.#wantsInterest(one, nowMs));
    const wantsLanguage = [a, b].some(
      ({ ticket, sinceMs }) =>
        ticket.languages.length > 0 && nowMs < sinceMs + this.#schedule.languageHeldMs,
    );
    const wantsSegment = [a, b].some(
      ({ ticket, sinceMs }) =>
        (ticket.tier === 'good' || ticket.tier === 'normal') &&
        nowMs < sinceMs + this.#schedule.segmentHeldMs,
    );
    if (wantsSegment && a.ticket.circle !== b.ticket.circle) return false;
    if (wantsInterest && common(a.ticket.interests, b.ticket.interests).length === 0) return false;
    const fits = shareLanguage(a.ticket, b.ticket) || [a, b].some((one) => saysNothing(one.ticket));
    return !wantsLanguage || fits;
  }

  /** The crowd includes both tickets. */
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
    for (const interest of common(a.ticket.interests, b.ticket.interests)) {
      const bearing = crowd.filter(({ ticket }) => ticket.interests.includes(interest)).length;
      score += rarityScore(crowd.length, bearing);
    }
    return score;
  }

  #wantsInterest({ ticket, sinceMs, widened }: WaitingTicket, nowMs: number): boolean {
    if (widened || ticket.interests.length === 0) return false;
    return ticket.onlyShared || nowMs < sinceMs + this.#schedule.interestHeldMs;
  }
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
