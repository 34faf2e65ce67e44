import { brandId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { suspensionBegins } from '../cases/suspension.ts';
import type { ReportId } from '../ids.ts';
import { FOUNDER_NETWORKS_MIN, FOUNDERS_MIN, SUSPENSION_MS_MAX } from '../limits.ts';
import { withUnproven } from '../reports/triage.ts';
import { type Finding, judgeDismissed } from '../reports/verdict.ts';
import { judgeReport, weighReport } from '../reports/weigh-report.ts';
import { afterCleanCall } from '../trust/clean-networks.ts';
import { groundsOf } from '../trust/grounds.ts';
import { afterCallWith, isProven, needsProvenPeer, withLoss } from '../trust/standing.ts';
import {
  afterCleanSession,
  afterRejectedReport,
  cleanSinceSession,
  tierOf,
  trustAt,
  wantsReview,
  withGrounds,
} from '../trust/trust.ts';
import { comeBack, isHonest, newcomer, type SimPerson, type SimReport } from './person.ts';
import type { Policy } from './policy.ts';
import { poolsOf } from './pools.ts';
import { type Outcome, Tally } from './tally.ts';

const DAY_MS = 86_400_000;
const REPORTS_THAT_BAN = 3;

/** Simulates thirty days under one policy. The same seed gives the same result. */
export function simulatePolicy(policy: Policy, prng: Prng): Outcome {
  const simulation = new PolicyRun(policy, prng);
  for (let day = 0; day < policy.world.days; day += 1) simulation.day(day);
  return simulation.outcome;
}

/** What happens to one user of a call because of the other user. */
interface Faced {
  readonly harmed: boolean;
  readonly reports: boolean;
}

class PolicyRun {
  readonly #policy: Policy;
  readonly #prng: Prng;
  readonly #people: SimPerson[];
  readonly #tally = new Tally();
  #nowMs = 0;
  /** Whether a newcomer now needs a call with a proven user to become proven. */
  #needsProven = false;

  constructor(policy: Policy, prng: Prng) {
    this.#policy = policy;
    this.#prng = prng;
    this.#people = Array.from({ length: policy.world.people }, () =>
      newcomer(policy.world, prng, 0),
    );
  }

  get outcome(): Outcome {
    return this.#tally.outcome;
  }

  day(day: number): void {
    const { world, moderation } = this.#policy;
    this.#needsProven = false;
    for (let round = 0; round < world.roundsADay; round += 1) {
      this.#nowMs = day * DAY_MS + (round * DAY_MS) / world.roundsADay;
      this.#round();
    }
    this.#tally.honestDays(this.#people.filter(isHonest).length);
    if (moderation === 'weighed') this.#review();
    this.#comeAndGo();
  }

  #round(): void {
    const { world, moderation } = this.#policy;
    if (!this.#needsProven) this.#countFounders();
    const active = this.#people.filter(
      (person) =>
        !person.banned &&
        person.heldUntilMs <= this.#nowMs &&
        this.#prng.chance(world.activity * person.activity),
    );
    for (const person of active) person.trust = trustAt(person.trust, this.#nowMs);
    const pools = moderation === 'weighed' ? poolsOf(active, this.#prng) : [active];
    for (const pool of pools) {
      this.#prng.shuffle(pool);
      for (let i = 0; i + 1 < pool.length; i += 2) {
        const [a, b] = [pool[i], pool[i + 1]];
        if (a !== undefined && b !== undefined) this.#meet(a, b);
      }
    }
  }

  #countFounders(): void {
    const proven = this.#people.filter((person) => this.#isProven(person));
    const networks = proven.map(({ from }) => from);
    const enough = { people: FOUNDERS_MIN, networks: FOUNDER_NETWORKS_MIN };
    this.#needsProven = needsProvenPeer(networks, enough);
  }

  #isProven({ standing }: SimPerson): boolean {
    return isProven(standing, this.#nowMs);
  }

  #meet(a: SimPerson, b: SimPerson): void {
    this.#tally.call();
    for (const person of [a, b]) {
      const isWeighed = this.#policy.moderation === 'weighed';
      this.#tally.session(person, {
        restricted: isWeighed && isRestricted(person),
        proven: this.#isProven(person),
      });
      person.sessions += 1;
      person.reporter = { ...person.reporter, sessions: person.reporter.sessions + 1 };
    }
    const ofA = this.#face(b, a);
    const ofB = this.#face(a, b);
    const lastedMs = this.#lastedMs(ofA, ofB);
    const isMutual = this.#prng.chance(this.#policy.world.mutualCalls);
    this.#learn(a, b, ofA, lastedMs);
    this.#learn(b, a, ofB, lastedMs);
    if (!ofA.reports) this.#earn(a, b, { lastedMs, isMutual });
    if (!ofB.reports) this.#earn(b, a, { lastedMs, isMutual });
  }

  /**
   * Returns the duration of a call. Victims leave soon, while users who report without harm stay
   * until their report counts.
   */
  #lastedMs(ofA: Faced, ofB: Faced): number {
    const { skippedCalls, callMs, harmedCallMs } = this.#policy.world;
    const [from, to] = harmedCallMs;
    if (ofA.harmed || ofB.harmed) return from + (to - from) * this.#prng.unit();
    if (ofA.reports || ofB.reports) return to;
    if (this.#prng.chance(skippedCalls)) return from;
    return -callMs * Math.log(1 - this.#prng.unit());
  }

  #earn(
    person: SimPerson,
    other: SimPerson,
    call: { readonly lastedMs: number; readonly isMutual: boolean },
  ): void {
    const nowMs = this.#nowMs;
    const ended = { ...call, ...networksOf(person, other), counts: true, endedAtMs: nowMs };
    const needs = this.#needsProven;
    const earned = afterCallWith(person.standing, other.standing, ended, needs, nowMs);
    person.standing = earned.standing;
    if (earned.vouched !== null) other.standing = earned.vouched;
  }

  /** Simulates what a victim sees and whether the victim reports it. */
  #face(victim: SimPerson, subject: SimPerson): Faced {
    const { world, shield } = this.#policy;
    const prng = this.#prng;
    if (prng.chance(subject.harmRate)) {
      const covered = shield && prng.chance(world.shieldSensitivity);
      if (!covered) this.#tally.exposure(victim);
      const reports = prng.chance(covered ? world.coveredHarmReported : world.harmReported);
      return { harmed: true, reports };
    }
    return { harmed: false, reports: prng.chance(this.#wronglyReported(victim, subject)) };
  }

  #wronglyReported(victim: SimPerson, subject: SimPerson): number {
    const { world, shield } = this.#policy;
    if (victim.kind === 'troll') return world.wrongReports.troll;
    const usual =
      victim.kind === 'harmful' ? world.wrongReports.harmful : world.wrongReports.honest;
    const factor = subject.kind === 'misread' ? world.misreadFactor : 1;
    const falseAlarm = shield && this.#prng.chance(world.shieldFalseAlarms * factor);
    return falseAlarm ? Math.max(usual, world.falseAlarmReported) : usual;
  }

  #learn(person: SimPerson, by: SimPerson, { reports }: Faced, lastedMs: number): void {
    if (!reports) {
      const networks = networksOf(person, by);
      const cleanNetworks = afterCleanCall(person.cleanNetworks, networks, this.#nowMs);
      if (cleanNetworks === null) return;
      person.cleanNetworks = cleanNetworks;
      person.trust = afterCleanSession(person.trust, this.#nowMs);
      return;
    }
    // Treats every report as having no evidence, because pictures and lines add no weight before a
    // review.
    const judgedAs = { evidence: 'inconclusive', reason: 'sexual-content' } as const;
    const facts = { by: by.id, from: by.from, lastedMs, atMs: this.#nowMs };
    const report = { ...facts, ...judgedAs, isProven: this.#isProven(by) };
    const own = weighReport(report, by.reporter, person.open);
    const judged = judgeReport(person.trust, report, own, person.open, false);
    person.trust = judged.trust;
    person.open.push({ ...own, ...judgedAs, by });
    person.reporters.add(by);
    const { moderation } = this.#policy;
    if (moderation === 'ban-at-three' && person.reporters.size >= REPORTS_THAT_BAN) {
      this.#ban(person);
    }
    if (moderation !== 'weighed') return;
    const { trust, uncapped, grounds, isAlwaysRead } = judged;
    person.isQueued ||= isAlwaysRead || judged.isCrowded || wantsReview(trust, uncapped);
    if (!suspensionBegins({ trust, grounds, wasHeld: person.wasHeld })) return;
    person.heldUntilMs = this.#nowMs + SUSPENSION_MS_MAX;
    person.wasHeld = true;
  }

  /** Reviews cases in the order of their subjects' scores, highest first. */
  #review(): void {
    const { world } = this.#policy;
    const waiting = this.#people
      .filter((person) => !person.banned && person.isQueued)
      .toSorted((a, b) => b.trust.score - a.trust.score)
      .map((person) => ({ person, of: provenOf(person), priority: { pinned: false } }));
    const cases = withUnproven(waiting).slice(0, world.reviewsADay);
    for (const { person } of cases) this.#decide(person);
  }

  #decide(person: SimPerson): void {
    const { world } = this.#policy;
    const isHarmful = person.kind === 'harmful';
    const withPictures = this.#withPictures(person.open);
    const hasEvidence = withPictures.size > 0;
    const [ofHarmful, ofHonest] = hasEvidence ? world.banWithEvidence : world.banWithoutEvidence;
    // Counts earlier reporters too, because a case also shows the reports of the subject's earlier
    // cases.
    const mayBan = hasEvidence || person.reporters.size >= 2;
    person.heldUntilMs = 0;
    if (mayBan && this.#prng.chance(isHarmful ? ofHarmful : ofHonest)) {
      this.#ban(person);
    } else {
      this.#dismiss(person, withPictures);
    }
    person.open = [];
    person.isQueued = false;
    person.wasHeld = false;
  }

  /** Returns those of the reports that have evidence. */
  #withPictures(reports: readonly SimReport[]): ReadonlySet<SimReport> {
    const { caseHasEvidence, otherReportHasEvidence, trollsAttach } = this.#policy.world;
    const attaching = reports.filter(({ by }) => trollsAttach || by.kind !== 'troll');
    if (attaching.length === 0 || !this.#prng.chance(caseHasEvidence)) return new Set();
    const one = this.#prng.pick(attaching);
    return new Set(
      attaching.filter((report) => report === one || this.#prng.chance(otherReportHasEvidence)),
    );
  }

  /**
   * Removes the weight of all reports. Reports with evidence count against their reporters,
   * because a member can see that the evidence shows no violation.
   */
  #dismiss(person: SimPerson, withPictures: ReadonlySet<SimReport>): void {
    const finding: Finding = withPictures.size > 0 ? 'shows-opposite' : 'cannot-tell';
    for (const report of person.open) {
      const { against } = judgeDismissed(report, withPictures.has(report), finding);
      const { by, added, weighed } = report;
      by.reporter = { ...by.reporter, rejected: by.reporter.rejected + against };
      const loss = { report: lossOf(report), weight: against, atMs: this.#nowMs };
      by.standing = withLoss(by.standing, loss);
      const taken = { weight: added, atMs: weighed.atMs };
      person.trust = afterRejectedReport(person.trust, taken, this.#nowMs);
    }
    person.trust = cleanSinceSession(withGrounds(person.trust, groundsOf([])), 0);
  }

  #ban(person: SimPerson): void {
    person.banned = true;
    this.#tally.ban(person);
  }

  /** Lets banned users return under a new identity, and replaces other users who leave. */
  #comeAndGo(): void {
    const { world } = this.#policy;
    const nextDayMs = this.#nowMs;
    for (const [i, person] of this.#people.entries()) {
      if (person.banned) {
        this.#people[i] = this.#prng.chance(world.bannedReturn)
          ? comeBack(world, this.#prng, person, nextDayMs)
          : newcomer(world, this.#prng, nextDayMs);
      } else if (this.#prng.chance(world.newcomersADay)) {
        this.#people[i] = newcomer(world, this.#prng, nextDayMs);
      }
    }
  }
}

function networksOf(person: SimPerson, other: SimPerson) {
  return { network: person.from.network, otherNetwork: other.from.network };
}

function provenOf({ open }: SimPerson): { readonly provenReporters: number } {
  return { provenReporters: open.filter(({ weighed }) => weighed.isProven).length };
}

/**
 * Returns one id for all reports about one user at one time by one reporter, so that they count
 * against the reporter only once.
 */
function lossOf({ weighed: { by, atMs } }: SimReport): ReportId {
  return brandId<ReportId>(`${by}-${atMs}`);
}

function isRestricted(person: SimPerson): boolean {
  return tierOf(person.trust) === 'restricted';
}
