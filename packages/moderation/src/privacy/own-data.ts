import { appendAudit } from '@farandole/accounts/records';
import type { SubjectId } from '@farandole/kernel/id';
import { AUTHORED, forgetAuthor } from '../apart/forget-authors.ts';
import type { AffectedAppeal, AgeAppeal, MeasureAppeal, SubjectAppeal } from '../appeals/appeal.ts';
import { appealsBy, eraseAppeals } from '../appeals/old-appeals.ts';
import { destroyReport, isNeeded, removePerson } from '../cases/pending-erasure.ts';
import { SUBJECT_ANCHORS_MAX } from '../limits.ts';
import { erasePushes, pushesOf, type StoredPush } from '../push/subscriptions.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { Sanction } from '../sanctions/sanction.ts';
import type { Strike } from '../sanctions/strike.ts';
import { ERASE_ACTION, type Records } from '../store/records.ts';
import type {
  Anchor,
  Decision,
  Person,
  StoredPair,
  StoredReport,
  UserText,
  Verdict,
} from '../store/stored.ts';
import { textOf } from '../store/user-text.ts';
import { firstVisitsOf, forgetFirstVisit } from '../trust/anchors.ts';
import { anchorsOf } from '../trust/networks.ts';
import { personOf } from '../trust/people.ts';

export interface OwnReport {
  readonly code: string;
  readonly reason: ReportReason;
  readonly atMs: number;
  readonly verdict: Verdict;
  readonly words: UserText | null;
  readonly metBy?: StoredReport['metBy'];
  /** Number of attached pictures, which aren't exported because they show the other user. */
  readonly pictures: number;
}

type WithoutBy<Kind> = Kind extends unknown ? Omit<Kind, 'by'> : never;

type OwnAppeal = WithoutBy<SubjectAppeal>;

/** All stored data about one user except who reported them. `tellOwnData` filters it. */
export interface OwnData {
  readonly person: Person | null;
  readonly reports: readonly OwnReport[];
  readonly decisions: readonly Omit<Decision, 'deciders'>[];
  readonly sanctions: readonly Sanction[];
  readonly strikes: readonly Strike[];
  readonly appeals: readonly { readonly appeal: OwnAppeal; readonly text: string | null }[];
  readonly sharedAppeals: readonly {
    readonly atMs: number;
    readonly state: AffectedAppeal['state'];
    readonly text: string | null;
  }[];
  /** The user's appeals against suspensions and restrictions by software. */
  readonly measureAppeals: readonly {
    readonly atMs: number;
    readonly state: MeasureAppeal['state'];
    readonly text: string | null;
  }[];
  /** The user's appeals against age refusals by device key. */
  readonly ageAppeals: readonly {
    readonly atMs: number;
    readonly state: AgeAppeal['state'];
    readonly text: string | null;
  }[];
  /** When the user met others and in which mode. It never says whom. */
  readonly met: readonly Pick<StoredPair, 'atMs' | 'mode'>[];
  /** When the user blocked others whom the user still blocks. It never says whom. */
  readonly blocked: readonly { readonly atMs: number }[];
  /** When the user declared to be a minor, within the last day. */
  readonly underAge: readonly { readonly atMs: number }[];
  /** The user's browsers that get notifications, without their addresses. */
  readonly notifications: readonly Pick<StoredPush, 'atMs' | 'mode'>[];
  /** Networks as keyed hashes, because no other form is stored. */
  readonly networks: readonly Anchor[];
  /** When the user first came since the latest erasure, or null if no network is stored. */
  readonly firstSeenAtMs: number | null;
}

const ROWS_MAX = 10_000;

export async function exportOwnData(
  records: Records,
  { subject }: { readonly subject: SubjectId },
): Promise<OwnData> {
  const reports: OwnReport[] = [];
  for (const report of await madeBy(records, subject)) {
    const { code, reason, atMs, verdict, id, metBy } = report;
    const words = await records.words.get('report', id);
    const pictures = await records.pictures.count({ report: id });
    const met = metBy !== undefined && { metBy };
    reports.push({ code, reason, atMs, verdict, words, ...met, pictures });
  }
  const decisions = await records.decisions.find({ subject }, { limit: ROWS_MAX });
  const ids = decisions.map(({ id }) => id);
  const appeals: OwnData['appeals'][number][] = [];
  const sharedAppeals: OwnData['sharedAppeals'][number][] = [];
  const measureAppeals: OwnData['measureAppeals'][number][] = [];
  const ageAppeals: OwnData['ageAppeals'][number][] = [];
  for (const appeal of await appealsBy(records, subject, ids)) {
    const text = await textOf(records, appeal.id);
    if (appeal.standing === 'subject') appeals.push({ appeal: withoutAnswerer(appeal), text });
    else if (appeal.standing === 'measure')
      measureAppeals.push({ atMs: appeal.atMs, state: appeal.state, text });
    else if (appeal.standing === 'age')
      ageAppeals.push({ atMs: appeal.atMs, state: appeal.state, text });
    else sharedAppeals.push({ atMs: appeal.atMs, state: appeal.state, text });
  }
  return {
    person: await records.people.get(subject),
    reports,
    decisions: decisions.map(withoutDeciders),
    sanctions: await records.sanctions.find({ subject }, { limit: ROWS_MAX }),
    strikes: await records.strikes.find({ subject }, { limit: ROWS_MAX }),
    appeals,
    sharedAppeals,
    measureAppeals,
    ageAppeals,
    met: await meetingsOf(records, subject),
    blocked: await timesOf(
      records.blocks.find({ by: subject, kind: 'block' }, { limit: ROWS_MAX }),
    ),
    underAge: await timesOf(records.ageRefusals.find({ subject }, { limit: ROWS_MAX })),
    notifications: (await pushesOf(records, subject)).map(({ atMs, mode }) => ({ atMs, mode })),
    networks: await anchorsOf(records, subject, SUBJECT_ANCHORS_MAX),
    firstSeenAtMs: (await firstVisitsOf(records, [subject])).get(subject) ?? null,
  };
}

async function timesOf(
  found: Promise<readonly { readonly atMs: number }[]>,
): Promise<readonly { readonly atMs: number }[]> {
  return (await found).map(({ atMs }) => ({ atMs }));
}

async function meetingsOf(records: Records, subject: SubjectId): Promise<OwnData['met']> {
  const met: StoredPair[] = [];
  for (const by of [{ a: subject }, { b: subject }]) {
    met.push(...(await records.pairs.find(by, { limit: ROWS_MAX })));
  }
  return met.map(({ atMs, mode }) => ({ atMs, mode })).toSorted((a, b) => a.atMs - b.atMs);
}

function withoutDeciders(decision: Decision): OwnData['decisions'][number] {
  const { deciders: _, sample: _sample, ...rest } = decision;
  return rest;
}

function withoutAnswerer(appeal: SubjectAppeal): OwnAppeal {
  if (appeal.state !== 'answered') return appeal;
  const { by: _, ...rest } = appeal;
  return rest;
}

export interface Erased {
  readonly reports: number;
  readonly appeals: number;
  readonly person: boolean;
  /** Whether the user's record is removed only after a pending decision. */
  readonly later: boolean;
  /** Number of reports without a decision. Their texts expire on schedule. */
  readonly undecided: number;
  /**
   * Number of texts that are erased later: texts of reports behind a decision in force, until it
   * is reversed or the text expires; sealed reports; and texts of waiting appeals, until the
   * answer.
   */
  readonly needed: number;
}

const NOTHING: Erased = {
  reports: 0,
  appeals: 0,
  person: false,
  later: false,
  undecided: 0,
  needed: 0,
};

async function isUnknown(records: Records, subject: SubjectId): Promise<boolean> {
  const counts = [
    records.people.count({ id: subject }),
    records.reports.count({ by: subject }),
    records.appeals.count({ author: subject }),
    records.decisions.count({ subject }),
    records.anchors.count({ subject }),
    records.pairs.count({ a: subject }),
    records.pairs.count({ b: subject }),
    records.blocks.count({ by: subject, kind: AUTHORED }),
    records.pushes.count({ subject }),
  ];
  return (await Promise.all(counts)).every((count) => count === 0);
}

/**
 * Erases a user's texts and record. Keeps what other users need: the fact of a report without
 * its text, and decisions about the user with their sanctions, because a request must not end a
 * sanction. Texts needed for another user's decision or appeal are kept as long as it needs
 * them.
 */
export async function eraseOwnData(
  records: Records,
  input: {
    readonly subject: SubjectId;
    /** With `operator`, the erasure was requested on the command line for the user. */
    readonly by?: 'subject' | 'operator';
    readonly nowMs: number;
  },
): Promise<Erased> {
  const { subject, by = 'subject', nowMs } = input;
  if (await isUnknown(records, subject)) return NOTHING;
  let reports = 0;
  let undecided = 0;
  let needed = 0;
  for (const report of await madeBy(records, subject)) {
    if (await isNeeded(records, report, nowMs)) {
      await records.reports.put({ ...report, erasureAskedAtMs: nowMs });
      if (report.verdict === 'waiting') undecided += 1;
      else needed += 1;
      continue;
    }
    await destroyReport(records, report, nowMs);
    reports += 1;
  }
  await forgetAuthor(records, subject);
  // Also if a case delays the erasure, because the export would reveal that.
  await forgetFirstVisit(records, subject);
  await erasePushes(records, subject);
  const decisions = await records.decisions.find({ subject }, { limit: ROWS_MAX });
  const ids = decisions.map(({ id }) => id);
  const filed = await eraseAppeals(records, await appealsBy(records, subject, ids), nowMs);
  const { erased: appeals } = filed;
  needed += filed.needed;
  const known = await removePerson(records, subject, nowMs);
  if (known === 'needed') await askLater(records, subject, nowMs);
  await records.audit.forget(subject);
  await appendAudit(records, { by, nowMs }, ERASE_ACTION, subject, { reports, appeals });
  const [person, later] = [known === 'removed', known === 'needed'];
  return { reports, appeals, person, later, undecided, needed };
}

async function askLater(records: Records, subject: SubjectId, nowMs: number): Promise<void> {
  const person = await personOf(records, subject, nowMs);
  await records.people.put({ ...person, erasureAskedAtMs: nowMs });
}

async function madeBy(records: Records, subject: SubjectId): Promise<readonly StoredReport[]> {
  return await records.reports.find({ by: subject }, { limit: ROWS_MAX });
}
