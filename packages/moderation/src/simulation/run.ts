import type { Prng } from '@farandole/kernel/prng';
import { suspensionBegins } from '../cases/suspension.ts';
import { SUSPENSION_MS_MAX } from '../limits.ts';
import { verdictOfNoBreach } from '../reports/verdict.ts';
import {
  afterCleanSession,
  afterRejectedReport,
  afterReportedSession,
  tierOf,
  wantsReview,
  weightOfReport,
  weightOfReports,
} from '../trust/trust.ts';
import { comeBack, isHonest, newcomer, type SimPerson, type SimReport } from './person.ts';
import type { Policy } from './policy.ts';
import { poolsOf } from './pools.ts';
import { type Outcome, Tally } from './tally.ts';

const DAY_MS = 86_400_000;
const REPORTS_THAT_BAN = 3;

/** Simulates thirty days under one policy. Deterministic by seed. */
export function simulatePolicy(policy: Policy, prng: Prng): Outcome {
  const simulation = new PolicyRun(policy, prng);
  for (let day = 0; day < policy.world.days; day += 1) simulation.day(day);
  return simulation.outcome;
}

class PolicyRun {
  readonly #policy: Policy;
  readonly #prng: Prng;
  readonly #people: SimPerson[];
  readonly #tally = new Tally();
  #nowMs = 0;

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
    const active = this.#people.filter(
      (person) =>
        !person.banned &&
        person.heldUntilMs <= this.#nowMs &&
        this.#prng.chance(world.activity * person.activity),
    );
    const pools = moderation === 'weighed' ? poolsOf(active, this.#prng) : [active];
    for (const pool of pools) {
      this.#prng.shuffle(pool);
      for (let i = 0; i + 1 < pool.length; i += 2) {
        const [a, b] = [pool[i], pool[i + 1]];
        if (a !== undefined && b !== undefined) this.#meet(a, b);
      }
    }
  }

  #meet(a: SimPerson, b: SimPerson): void {
    this.#tally.call();
    for (const person of [a, b]) {
      this.#tally.session(person, this.#policy.moderation === 'weighed' && isRestricted(person));
      person.sessions += 1;
      person.reporter = { ...person.reporter, sessions: person.reporter.sessions + 1 };
    }
    const ofA = this.#face(b, a);
    const ofB = this.#face(a, b);
    this.#learn(a, ofA);
    this.#learn(b, ofB);
  }

  /** Simulates a session; returns the victim's report or null. */
  #face(victim: SimPerson, subject: SimPerson): SimReport | null {
    const { world, shield } = this.#policy;
    const prng = this.#prng;
    if (prng.chance(subject.harmRate)) {
      const covered = shield && prng.chance(world.shieldSensitivity);
      if (!covered) this.#tally.exposure(victim);
      if (!prng.chance(covered ? world.coveredHarmReported : world.harmReported)) return null;
      return this.#report(victim);
    }
    const wrong = this.#wronglyReported(victim, subject);
    return prng.chance(wrong) ? this.#report(victim) : null;
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

  /** Chat lines have no weight before a review (`desk/take-report.ts`). */
  #report(by: SimPerson): SimReport {
    const weight = weightOfReport(by.reporter, 'inconclusive');
    const judged = { evidence: 'inconclusive', reason: 'sexual-content' } as const;
    return { by, weight, network: null, atMs: this.#nowMs, ...judged };
  }

  #learn(person: SimPerson, report: SimReport | null): void {
    if (report === null) {
      person.trust = afterCleanSession(person.trust, this.#nowMs);
      return;
    }
    person.trust = afterReportedSession(person.trust, weightOfReports([report]), this.#nowMs);
    person.open.push(report);
    person.reporters.add(report.by);
    const { moderation } = this.#policy;
    if (moderation === 'ban-at-three' && person.reporters.size >= REPORTS_THAT_BAN) {
      this.#ban(person);
    }
    if (moderation !== 'weighed') return;
    const { trust, wasHeld } = person;
    if (!suspensionBegins({ trust, reporters: reportersOf(person), wasHeld })) return;
    person.heldUntilMs = this.#nowMs + SUSPENSION_MS_MAX;
    person.wasHeld = true;
  }

  /** Reviews cases, highest score first. */
  #review(): void {
    const { world } = this.#policy;
    const cases = this.#people
      .filter((person) => !person.banned && person.open.length > 0 && wantsReview(person.trust))
      .toSorted((a, b) => b.trust.score - a.trust.score)
      .slice(0, world.reviewsADay);
    for (const person of cases) this.#decide(person);
  }

  #decide(person: SimPerson): void {
    const { world } = this.#policy;
    const isHarmful = person.kind === 'harmful';
    const withPictures = this.#withPictures(person.open);
    const hasEvidence = withPictures.size > 0;
    const [ofHarmful, ofHonest] = hasEvidence ? world.banWithEvidence : world.banWithoutEvidence;
    const mayBan = hasEvidence || reportersOf(person) >= 2;
    person.heldUntilMs = 0;
    if (mayBan && this.#prng.chance(isHarmful ? ofHarmful : ofHonest)) {
      this.#ban(person);
    } else {
      this.#dismiss(person, withPictures);
    }
    person.open = [];
    person.wasHeld = false;
  }

  /** Reports with evidence. */
  #withPictures(reports: readonly SimReport[]): ReadonlySet<SimReport> {
    const { caseHasEvidence, otherReportHasEvidence, trollsAttach } = this.#policy.world;
    const attaching = reports.filter(({ by }) => trollsAttach || by.kind !== 'troll');
    if (attaching.length === 0 || !this.#prng.chance(caseHasEvidence)) return new Set();
    const one = this.#prng.pick(attaching);
    return new Set(
      attaching.filter((report) => report === one || this.#prng.chance(otherReportHasEvidence)),
    );
  }

  /** Without a breach, rejected reports are reversed and count against their reporters. */
  #dismiss(person: SimPerson, withPictures: ReadonlySet<SimReport>): void {
    for (const report of person.open) {
      if (verdictOfNoBreach(report, withPictures.has(report)) !== 'rejected') continue;
      const { by } = report;
      by.reporter = { ...by.reporter, rejected: by.reporter.rejected + 1 };
      person.trust = afterRejectedReport(person.trust, report, this.#nowMs);
    }
  }

  #ban(person: SimPerson): void {
    person.banned = true;
    this.#tally.ban(person);
  }

  /** Banned users return; others leave and are replaced. */
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

/** Distinct reporters in the open case. */
function reportersOf({ open }: SimPerson): number {
  return new Set(open.map(({ by }) => by)).size;
}

function isRestricted(person: SimPerson): boolean {
  return tierOf(person.trust) === 'restricted';
}
