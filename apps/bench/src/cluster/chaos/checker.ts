import { assertNever } from '@farandole/kernel/assert';
import { CUTS, ENGINES, MOVES } from './fault-kinds.ts';
import type { ChaosEvent, EventOf } from './history.ts';
import { Interruptions } from './interruptions.ts';
import { checkLines, type LineRule, type Side } from './line-checks.ts';
import { MachineDelays } from './machine-delays.ts';

/** A promise that the history breaks. */
export interface Violation {
  readonly at: number;
  readonly rule: Rule;
  readonly text: string;
}

export type Rule =
  | 'one-call'
  | 'two-people'
  | LineRule
  | 'call-lost'
  | 'interrupted'
  | 'report-row'
  | 'blocked-apart'
  | 'suspended-out'
  | 'freed'
  | 'matched';

/** Limits in ms of the time-dependent promises. */
export const LIMITS = {
  /** A peer learns that the other has left, for 99.9 % of the calls, while nothing fails. */
  freedMs: 250,
  freedShare: 0.999,
  /** The same for every call, also while something fails. */
  freedFaultMs: 7_000,
  /** Both users of a call see it this soon. */
  seenMs: 2_000,
  /** A line arrives this soon. */
  inFlightMs: 500,
  /** How long a suspended user may still get something. */
  suspendedMs: 2_000,
  /** The same on a node that doesn't learn of the suspension, and sends its users away. */
  sentAwayMs: 17_000,
  /** Two users who may meet don't both wait longer than this after the last fault. */
  matchedMs: 10_000,
  /** A fault affects the times of calls for this long after it has ended. */
  afterFaultMs: 7_000,
  /** A call goes on this soon, counted from its interruption. */
  interruptedMs: 7_000,
  /** The same after a node that stopped on request. */
  movedMs: 3_000,
  /** A longer time than this above its limit is a violation on the busiest machine. */
  hopelessMs: 30_000,
} as const;

interface Call {
  readonly match: string;
  readonly sides: Side[];
}

interface Window {
  readonly from: number;
  healedAt: number;
  /** Until then the fault affects the times of calls. */
  to: number;
}

export interface Checked {
  readonly violations: readonly Violation[];
  readonly calls: number;
  /** Calls whose users had their sockets on two nodes. */
  readonly crossing: number;
  readonly lines: number;
  readonly reports: number;
  readonly blocks: number;
  readonly suspended: number;
  /** Times in ms until a peer learned that the other had left, ascending, outside of faults. */
  readonly freedMs: readonly number[];
  /** Durations in ms of interruptions that a fault caused, ascending. */
  readonly interruptedMs: readonly number[];
  /**
   * Share of the run in which a process waited for a processor. The limits of times count without
   * this time, up to `LIMITS.hopelessMs`.
   */
  readonly machineLateShare: number;
}

/** Checks the promises to users on what their pages showed. Reads no clock and no file. */
export function check(history: readonly ChaosEvent[]): Checked {
  return new Checker(history.toSorted((one, other) => one.at - other.at)).run();
}

class Checker {
  readonly #history: readonly ChaosEvent[];
  readonly #violations: Violation[] = [];
  readonly #calls = new Map<string, Call>();
  readonly #current = new Map<string, string>();
  readonly #searchingSince = new Map<string, number>();
  readonly #codes = new Map<string, EventOf<'reported'>>();
  readonly #blocks: EventOf<'blocked'>[] = [];
  readonly #rows: EventOf<'row'>[] = [];
  readonly #suspendedAt = new Map<string, number>();
  readonly #faults: Window[] = [];
  readonly #interruptions = new Interruptions();
  readonly #delays = new MachineDelays();
  readonly #freed: number[] = [];
  #freedLate = 0;
  #fault = '';

  constructor(history: readonly ChaosEvent[]) {
    this.#history = history;
    for (const event of history) {
      if (event.event === 'suspended') this.#suspendedAt.set(event.person, event.at);
      if (event.event === 'slow') this.#delays.note(event.at, event.ms);
    }
  }

  run(): Checked {
    for (const event of this.#history) this.#take(event);
    for (const call of this.#calls.values()) {
      this.#checkPeople(call);
      checkLines(call.match, call.sides, (at, rule, text) => this.#violate(at, rule, text));
      this.#checkFreed(call);
    }
    this.#checkFreedShare();
    this.#checkRows();
    this.#checkInterruptions();
    const calls = [...this.#calls.values()];
    return {
      violations: this.#violations.toSorted((one, other) => one.at - other.at),
      calls: calls.length,
      crossing: calls.filter(({ sides: [one, other] }) => one?.node !== other?.node).length,
      lines: calls.flatMap(({ sides }) => sides.flatMap(({ ended }) => ended?.lines ?? [])).length,
      reports: this.#codes.size,
      blocks: this.#blocks.length,
      suspended: this.#suspendedAt.size,
      freedMs: this.#freed.toSorted((one, other) => one - other),
      interruptedMs: this.#interruptions.all
        .map(({ from, to }) => to - from)
        .toSorted((one, other) => one - other),
      machineLateShare: this.#lateShare,
    };
  }

  #take(event: ChaosEvent): void {
    if ('person' in event) this.#checkSuspended(event);
    switch (event.event) {
      case 'met':
        return this.#met(event);
      case 'said':
        return this.#said(event);
      case 'left':
        return this.#left(event);
      case 'ended':
        return this.#ended(event);
      case 'searching':
        this.#searchingSince.set(event.person, event.at);
        return undefined;
      case 'not-searching':
        this.#searchingSince.delete(event.person);
        return undefined;
      case 'interrupted':
        return this.#interruptions.interrupted(event);
      case 'continued':
        return this.#interruptions.continued(event);
      case 'reported':
        this.#codes.set(event.code, event);
        return undefined;
      case 'blocked':
        this.#blocks.push(event);
        return undefined;
      case 'row':
        this.#rows.push(event);
        return undefined;
      case 'fault':
        this.#faults.push({
          from: event.at,
          healedAt: Number.POSITIVE_INFINITY,
          to: Number.POSITIVE_INFINITY,
        });
        return undefined;
      case 'healed': {
        const last = this.#faults.at(-1);
        if (last === undefined) return;
        last.healedAt = event.at;
        last.to = event.at + LIMITS.afterFaultMs;
        return undefined;
      }
      case 'settled':
        return this.#checkMatched(event);
      case 'began':
        this.#fault = event.fault;
        return undefined;
      case 'suspended':
      case 'slow':
        return undefined;
      case 'shut-out':
        this.#searchingSince.delete(event.person);
        this.#current.delete(event.person);
        return undefined;
      default:
        return assertNever(event);
    }
  }

  #violate(at: number, rule: Rule, text: string): void {
    this.#violations.push({ at, rule, text });
  }

  #met({ at, person, match, side, node }: EventOf<'met'>): void {
    this.#searchingSince.delete(person);
    const current = this.#current.get(person);
    if (current !== undefined && current !== match) {
      this.#violate(at, 'one-call', `${person} is in ${current} and gets ${match}`);
    }
    this.#current.set(person, match);
    const call = this.#calls.get(match) ?? { match, sides: [] };
    this.#calls.set(match, call);
    const taken = call.sides.find((other) => other.side === side || other.person === person);
    if (taken !== undefined || call.sides.length === 2) {
      this.#violate(at, 'two-people', `${person} is another ${side} of ${match}`);
      return;
    }
    const said = new Map<string, number>();
    const open = { leftAt: null, cutOffAt: null, ended: null };
    call.sides.push({ person, side, node, metAt: at, said, ...open });
    const [one, other] = call.sides;
    if (one !== undefined && other !== undefined) this.#checkApart(call, one, other, at);
  }

  /** Checks that neither user has blocked or reported the other before. */
  #checkApart(call: Call, one: Side, other: Side, at: number): void {
    for (const block of [...this.#blocks, ...this.#codes.values()]) {
      const blocked = this.#calls.get(block.match);
      const people = blocked?.sides.map(({ person }) => person) ?? [];
      const isPair = people.includes(one.person) && people.includes(other.person);
      if (isPair && block.at < at && block.match !== call.match) {
        const text = `${one.person} and ${other.person} meet after ${block.event}`;
        this.#violate(at, 'blocked-apart', text);
      }
    }
  }

  #sideOf(match: string, person: string): Side | undefined {
    return this.#calls.get(match)?.sides.find((side) => side.person === person);
  }

  #said({ at, person, match, text }: EventOf<'said'>): void {
    this.#sideOf(match, person)?.said.set(text, at);
  }

  #left({ at, person, match }: EventOf<'left'>): void {
    const side = this.#sideOf(match, person);
    if (side !== undefined) side.leftAt ??= at;
  }

  #ended(event: EventOf<'ended'>): void {
    const { at, person, match, reason } = event;
    if (this.#current.get(person) === match) this.#current.delete(person);
    const wasInterrupted = this.#interruptions.ended(person);
    const side = this.#sideOf(match, person);
    if (side === undefined) return;
    side.ended ??= event;
    if (wasInterrupted && CUTS.has(this.#fault)) side.cutOffAt ??= this.#cutAt;
    // A call can't be restored if the peer is gone, or if its node died before the peer heard of it.
    const peer = this.#calls.get(match)?.sides.find((other) => other !== side);
    if (peer === undefined || peer.leftAt !== null || this.#suspendedAt.has(peer.person)) return;
    if (reason === 'lost' || reason === 'not-restored' || reason === 'moving') {
      this.#violate(
        at,
        'call-lost',
        `${match} ended as ${reason} ${event.refusal ?? ''} for ${person}`,
      );
    }
  }

  #checkSuspended(event: Extract<ChaosEvent, { person: string }>): void {
    const { person, at } = event;
    const since = this.#suspendedAt.get(person);
    const isGiven =
      event.event === 'met' || event.event === 'searching' || event.event === 'continued';
    const limitMs = this.#fault === 'pg-cut-one' ? LIMITS.sentAwayMs : LIMITS.suspendedMs;
    if (!isGiven || since === undefined || !this.#isLate(since, at, limitMs)) return;
    this.#violate(at, 'suspended-out', `${person} is ${event.event} after the suspension`);
  }

  #checkPeople({ match, sides }: Call): void {
    const [one] = sides;
    if (one === undefined || sides.length === 2) return;
    // The other page may have lost its node before it learned of the match.
    if (this.#isFault(one.metAt) || !this.#isLate(one.metAt, this.#lastAt, LIMITS.seenMs)) return;
    this.#violate(one.metAt, 'two-people', `${one.person} is alone in ${match}`);
  }

  #checkFreed({ match, sides }: Call): void {
    for (const leaver of sides) {
      const stayer = sides.find((side) => side !== leaver);
      const { leftAt } = leaver;
      if (stayer === undefined || leftAt === null || stayer.leftAt !== null) continue;
      if (stayer.ended === null && this.#suspendedAt.has(stayer.person)) continue;
      // A peer who still waits at the end of the run has waited at least until then.
      const endedAt = Math.max(leftAt, stayer.ended?.at ?? this.#lastAt);
      const limitMs = LIMITS.freedFaultMs + this.#faultLeftMs(leftAt);
      if (this.#isLate(leftAt, endedAt, limitMs)) {
        const tookMs = endedAt - leftAt;
        this.#violate(leftAt, 'freed', `${stayer.person} waits ${tookMs} ms in ${match}`);
      }
      if (this.#isFault(leftAt, leftAt + LIMITS.freedMs) || stayer.ended === null) continue;
      this.#freed.push(endedAt - leftAt);
      if (this.#isLate(leftAt, endedAt, LIMITS.freedMs)) this.#freedLate += 1;
    }
  }

  #checkFreedShare(): void {
    const late = this.#freedLate;
    if (late <= Math.floor(this.#freed.length * (1 - LIMITS.freedShare) + 1)) return;
    const text = `${late} of ${this.#freed.length} peers waited longer than ${LIMITS.freedMs} ms`;
    this.#violate(this.#lastAt, 'freed', text);
  }

  /** Whether something took longer than its limit, not counting delays of a busy machine. */
  #isLate(from: number, to: number, limitMs: number): boolean {
    const overMs = to - from - limitMs;
    return overMs > 0 && (overMs > LIMITS.hopelessMs || overMs > this.#delays.within(from, to));
  }

  /** Time from which a line may not have arrived, because of the latest fault. */
  get #cutAt(): number {
    return (this.#faults.at(-1)?.from ?? 0) - LIMITS.inFlightMs;
  }

  get #lateShare(): number {
    const ms = this.#lastAt - (this.#history[0]?.at ?? 0);
    return ms === 0 ? 0 : Math.round((100 * this.#delays.within(0, this.#lastAt)) / ms) / 100;
  }

  get #lastAt(): number {
    return this.#history.at(-1)?.at ?? 0;
  }

  #isFault(from: number, to = from): boolean {
    return this.#faults.some((fault) => to >= fault.from && from <= fault.to);
  }

  /** Time in ms until the fault ends that is present at a time. */
  #faultLeftMs(at: number): number {
    const fault = this.#faults.find(({ from, to }) => at >= from && at <= to);
    if (fault === undefined) return 0;
    return Math.max(0, Math.min(fault.to, this.#lastAt) - LIMITS.afterFaultMs - at);
  }

  /** Checks that calls went on in time: after the fault, or after a shared server was back. */
  #checkInterruptions(): void {
    const limitMs = MOVES.has(this.#fault) ? LIMITS.movedMs : LIMITS.interruptedMs;
    for (const { person, match, from, to } of this.#interruptions.all) {
      const fault = this.#faults.find((each) => from >= each.from && from <= each.to);
      const backAt = ENGINES.has(this.#fault) ? (fault?.healedAt ?? from) : from;
      if (!this.#isLate(Math.max(from, backAt), to, limitMs)) continue;
      const tookMs = to - from;
      this.#violate(from, 'interrupted', `${match} of ${person} goes on after ${tookMs} ms`);
    }
  }

  #checkRows(): void {
    const byCode = Map.groupBy(this.#rows, ({ code }) => code);
    for (const { code, at, person } of this.#codes.values()) {
      const count = byCode.get(code)?.length ?? 0;
      if (count !== 1) {
        this.#violate(at, 'report-row', `${code} of ${person} has ${count} rows`);
      }
    }
    for (const rows of Map.groupBy(this.#rows, ({ match, by }) => `${match} ${by}`).values()) {
      const [row] = rows;
      if (row !== undefined && rows.length > 1) {
        this.#violate(row.at, 'report-row', `${row.match} has ${rows.length} rows of one user`);
      }
    }
  }

  /** Checks that no two users who may meet have both searched for the whole limit. */
  #checkMatched({ at }: EventOf<'settled'>): void {
    const waiting = [...this.#searchingSince]
      .filter(([person, since]) => {
        const isSuspended = (this.#suspendedAt.get(person) ?? Number.POSITIVE_INFINITY) <= at;
        return this.#isLate(since, at, LIMITS.matchedMs - 1) && !isSuspended;
      })
      .map(([person]) => person);
    const met = new Map<string, Set<string>>();
    for (const { sides } of this.#calls.values()) {
      for (const one of sides) {
        const others = met.get(one.person) ?? new Set();
        met.set(one.person, others);
        for (const other of sides) others.add(other.person);
      }
    }
    waiting.forEach((one, index) => {
      const other = waiting.slice(index + 1).find((it) => met.get(one)?.has(it) !== true);
      if (other === undefined) return;
      this.#violate(at, 'matched', `${one} and ${other} may meet and still search`);
    });
  }
}
