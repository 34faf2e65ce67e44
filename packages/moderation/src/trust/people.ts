import type { SubjectId } from '@farandole/kernel/id';
import { openCasesOf } from '../cases/lookup.ts';
import {
  CASE_REPORTS_MAX,
  FOUNDER_NETWORKS_MIN,
  FOUNDERS_MIN,
  FOUNDERS_READ_MAX,
} from '../limits.ts';
import { isSettled, type Judgement } from '../reports/verdict.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { Person, StoredReport } from '../store/stored.ts';
import { afterCleanCall } from './clean-networks.ts';
import { closureAfterVerdict, type ExchangeClosure } from './exchange-closure.ts';
import { groundsOf, NO_GROUNDS, type WeighedReport } from './grounds.ts';
import { type Notice, noticeAfterCall, noticeAfterDecision } from './notice.ts';
import { hasFewNetworks } from './server-networks.ts';
import {
  afterCallWith,
  type EndedCall,
  LOSS,
  type Loss,
  NO_STANDING,
  needsProvenPeer,
  provenUntilMs,
  withLoss,
} from './standing.ts';
import {
  afterCleanSession,
  afterRejectedReport,
  cleanSinceSession,
  firstTrust,
  type ReporterRecord,
  type Trust,
  weightForSoftware,
  withGrounds,
} from './trust.ts';

export async function personOf(records: Records, id: SubjectId, nowMs: number): Promise<Person> {
  return (await records.people.get(id)) ?? stranger(id, firstTrust(false, nowMs));
}

export function stranger(id: SubjectId, trust: Trust): Person {
  return { id, trust, rejected: 0, hold: null };
}

export function reporterRecord({ trust, rejected }: Person): ReporterRecord {
  return { sessions: trust.sessions, rejected };
}

/**
 * Changes a report's verdict and its effects on both users. If no violation was found, the
 * report's weight is subtracted from the subject's score, and its `against` counts against the
 * reporter. After an upheld report, the subject is no longer proven. Reversing a verdict
 * restores all of this. The caller must run `recount` once after the last change.
 */
export async function setVerdict(
  records: Records,
  report: StoredReport,
  { verdict, against }: Judgement,
  nowMs: number,
): Promise<void> {
  await records.reports.put({ ...report, verdict, against });
  const was = weighsNothing(report);
  const is = isSettled(verdict);
  const subject = await personOf(records, report.of, nowMs);
  const wasUpheld = report.verdict === 'upheld';
  const isUpheld = verdict === 'upheld';
  if (was !== is || wasUpheld !== isUpheld) {
    const taken = { weight: (is ? 1 : -1) * report.added, atMs: report.atMs };
    const trust = was === is ? subject.trust : afterRejectedReport(subject.trust, taken, nowMs);
    const weight = isUpheld ? LOSS : 0;
    const loss = { report: report.id, weight, atMs: nowMs };
    const changed = wasUpheld === isUpheld ? subject : withLossOf(subject, loss);
    await records.people.put({ ...changed, trust });
  }
  const before = againstOf(report);
  if (against !== before) await countAgainst(records, report, { before, against, nowMs });
}

/** Counts a rejected report, or part of one, against its reporter. */
export async function countAgainst(
  records: Records,
  { id, by }: Pick<StoredReport, 'id' | 'by'>,
  change: { readonly before: number; readonly against: number; readonly nowMs: number },
): Promise<void> {
  const { before, against, nowMs } = change;
  const reporter = await personOf(records, by, nowMs);
  const rejected = Math.max(0, reporter.rejected + against - before);
  const loss = { report: id, weight: against, atMs: nowMs };
  await records.people.put({ ...withLossOf(reporter, loss), rejected });
}

function withLossOf(person: Person, loss: Loss): Person {
  const { standing } = person;
  if (standing === undefined && loss.weight === 0) return person;
  return { ...person, standing: withLoss(standing ?? NO_STANDING, loss) };
}

/** Earlier versions removed the weight of rejected reports only, and counted each of these as 1. */
function weighsNothing({ verdict, against }: StoredReport): boolean {
  return verdict === 'rejected' || (verdict === 'inconclusive' && against !== undefined);
}

function againstOf({ verdict, against }: StoredReport): number {
  return against ?? (verdict === 'rejected' ? 1 : 0);
}

/** Recomputes the subject's clean sessions and grounds after verdicts changed. */
export async function recount(records: Records, id: SubjectId, nowMs: number): Promise<void> {
  const person = await records.people.get(id);
  if (person === null) return;
  const all = await records.reports.find(
    { of: id },
    { limit: CASE_REPORTS_MAX, newestFirst: true },
  );
  const live = all.filter((report) => !weighsNothing(report));
  const grounds = (await hasFewNetworks(records, nowMs))
    ? NO_GROUNDS
    : groundsOf(live.map(weighedOf));
  const trust = withGrounds(sinceLastReport(person.trust, live), grounds);
  const notice = noticeAfterDecision(
    person.notice,
    trust,
    // Takes the last of the open cases, because the list begins with a sealed case.
    (await openCasesOf(records, id)).at(-1)?.id ?? null,
    nowMs,
  );
  const exchangeClosure = closureAfterVerdict(person.exchangeClosure, live.map(namedOf), nowMs);
  await records.people.put({
    ...person,
    trust,
    ...(notice !== undefined && { notice }),
    ...(exchangeClosure !== undefined && { exchangeClosure }),
  });
}

/** Counts clean sessions as if reports without a found violation had never been made. */
function sinceLastReport(trust: Trust, live: readonly StoredReport[]): Trust {
  let last = 0;
  for (const { added, session } of live) {
    if (added <= 0) continue;
    // Keeps the trust unchanged for a report of a version that stored no session numbers.
    if (session === undefined) return trust;
    // A report's session number above the user's number of sessions is from before the user's
    // record was erased, because sessions are then counted from 1 again.
    if (session <= trust.sessions) last = Math.max(last, session);
  }
  return cleanSinceSession(trust, last);
}

/** Returns a stored report with its reason and its weight for software. */
export function namedOf(report: StoredReport) {
  return { ...weighedOf(report), reason: report.reason };
}

/** Returns a stored report with its weight for restrictions and suspensions by software. */
export function weighedOf(report: StoredReport): WeighedReport {
  const { by, weight, byProven = false, from = null, lastedMs = null, atMs } = report;
  return {
    ...{ by, from, lastedMs, atMs },
    weight: weightForSoftware(weight, byProven),
    isProven: byProven,
  };
}

export interface TrustRead {
  readonly subject: SubjectId;
  readonly trust: Trust;
  /** Time until which the user is proven. 0 for a user who isn't proven. */
  readonly provenUntilMs: number;
  /** Notice of a restriction by software. Absent if software never restricted the user. */
  readonly notice?: Notice;
  readonly exchangeClosure?: ExchangeClosure;
}

/** Returns trust and proven state by user. A user without a record has those of a new user. */
export async function readTrust(
  records: Records,
  input: { readonly subjects: readonly SubjectId[] },
): Promise<readonly TrustRead[]> {
  const people = await readAll(records.people, input.subjects);
  return input.subjects.flatMap((subject) => {
    const person = people.get(subject);
    if (person === undefined) return [];
    const { trust, notice, exchangeClosure, standing = NO_STANDING } = person;
    const told = {
      ...(notice !== undefined && { notice }),
      ...(exchangeClosure !== undefined && { exchangeClosure }),
    };
    return [{ subject, trust, provenUntilMs: provenUntilMs(standing), ...told }];
  });
}

/** A call as seen by one of its two users. */
export interface SideOfCall extends Omit<EndedCall, 'withProven'> {
  readonly subject: SubjectId;
  readonly other: SubjectId;
}

/**
 * Counts calls without a report, which nodes send in batches. `subjects` contains a user once
 * for each of the user's calls. A call with known networks counts only if `afterCleanCall` says so.
 *
 * @param input.calls the calls whose networks are known, which may make their users proven
 */
export async function countCleanSessions(
  records: Records,
  input: {
    readonly subjects: readonly SubjectId[];
    readonly calls?: readonly SideOfCall[];
    readonly nowMs: number;
  },
): Promise<number> {
  const { subjects, calls = [], nowMs } = input;
  let few: boolean | null = null;
  const left = [...calls];
  for (const id of subjects) {
    const person = await personOf(records, id, nowMs);
    const at = left.findIndex(({ subject }) => subject === id);
    const [call] = at < 0 ? [] : left.splice(at, 1);
    const before = person.cleanNetworks ?? [];
    const cleanNetworks = call === undefined ? before : afterCleanCall(before, call, nowMs);
    // On a server whose users come from few networks, every call counts.
    if (cleanNetworks === null && !(few ??= await hasFewNetworks(records, nowMs))) continue;
    const trust = afterCleanSession(person.trust, nowMs);
    const notice = noticeAfterCall(person.notice, trust, nowMs);
    await records.people.put({
      ...person,
      trust,
      ...(notice !== undefined && { notice }),
      ...(cleanNetworks !== null && cleanNetworks.length > 0 && { cleanNetworks }),
    });
  }
  if (calls.length > 0) await addToStandings(records, calls, nowMs);
  return subjects.length;
}

async function addToStandings(
  records: Records,
  calls: readonly SideOfCall[],
  nowMs: number,
): Promise<void> {
  let needsProven: boolean | null = null;
  const others = await readAll(
    records.people,
    calls.map(({ other }) => other),
  );
  for (const { subject, other, ...call } of calls) {
    const before = (await personOf(records, subject, nowMs)).standing ?? NO_STANDING;
    const peerStanding = others.get(other)?.standing;
    const earnedIf = (needs: boolean) => afterCallWith(before, peerStanding, call, needs, nowMs);
    let { standing, vouched } = earnedIf(true);
    // Reads the number of proven users only if the result depends on it, because that query is
    // expensive.
    if (vouched !== null || standing.provenAtMs !== earnedIf(false).standing.provenAtMs) {
      needsProven ??= await hasFounders(records, nowMs);
      // Reads the other user again, because an earlier call of this batch may have used up the
      // number of users whom the other user can make proven.
      const peer = await records.people.get(other);
      ({ standing, vouched } = afterCallWith(before, peer?.standing, call, needsProven, nowMs));
      if (peer !== null && vouched !== null)
        await records.people.put({ ...peer, standing: vouched });
    }
    if (standing === before) continue;
    await records.people.put({ ...(await personOf(records, subject, nowMs)), standing });
  }
}

/** Returns whether newcomers need a call with a proven user, because enough proven users exist. */
async function hasFounders(records: Records, nowMs: number): Promise<boolean> {
  const proven = { provenUntilMs: { from: nowMs + 1 } };
  const enough = { people: FOUNDERS_MIN, networks: FOUNDER_NETWORKS_MIN };
  for (const limit of [2 * FOUNDERS_MIN, FOUNDERS_READ_MAX]) {
    const people = await records.people.find(proven, { limit });
    const standings = people.map(({ standing = NO_STANDING }) => standing);
    if (needsProvenPeer(standings, enough)) return true;
    if (people.length < limit) return false;
  }
  return false;
}
