import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import {
  HOLDING,
  noteOf,
  type SeparationNote,
  type StoredSeparation,
} from '../apart/separation.ts';
import {
  AGE_REFUSAL_KEPT_MS,
  MET_READ_MAX,
  MET_READ_MS,
  PEOPLE_READ_MAX,
  SEPARATIONS_READ_MAX,
} from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { StoredPair } from '../store/stored.ts';
import { firstVisitsOf } from './anchors.ts';
import { readTrust, type TrustRead } from './people.ts';
import { type QuestionsRead, readQuestions } from './read-questions.ts';

export interface AskedPerson {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
}

export interface Met {
  readonly match: MatchId;
  readonly subject: SubjectId;
  /** Null if an earlier version recorded the meeting. */
  readonly device: DeviceKeyId | null;
  /** When the two last met: the end of their call, or its start while it runs. */
  readonly atMs: number;
}

export interface PersonRead extends AskedPerson {
  /** Null if nothing is stored about the user. */
  readonly trust: TrustRead | null;
  /** Separations of the user or the device, by either side, oldest first. */
  readonly apart: readonly SeparationNote[];
  /** Whom the user met within `MET_READ_MS`. */
  readonly met: readonly Met[];
  /** Latest declaration of a minor by this user or on this device within a day, or null. */
  readonly ageRefusedAtMs: number | null;
  /** Latest one by this user's cookie. A moderator can lift only one by device. */
  readonly cookieRefusedAtMs: number | null;
  /** Latest one on this device, by any cookie. */
  readonly deviceRefusedAtMs: number | null;
  /** When the user first came, or null if no network of the user is stored. */
  readonly firstSeenAtMs: number | null;
  /** Questions of a proven user. Absent without one, and if they weren't requested. */
  readonly questions?: QuestionsRead;
}

/**
 * Returns what a node must know about users before it lets them search, in the order of `people`.
 * Takes one statement per collection for all of them.
 *
 * @param input.people at most `PEOPLE_READ_MAX`
 * @param input.withQuestions whether to read the questions of proven users, each user alone
 */
export async function readPeople(
  records: Records,
  input: {
    readonly people: readonly AskedPerson[];
    readonly nowMs: number;
    readonly withQuestions?: boolean;
  },
): Promise<readonly PersonRead[]> {
  const { nowMs } = input;
  const people = input.people.slice(0, PEOPLE_READ_MAX);
  if (people.length === 0) return [];
  const subjects = { oneOf: people.map(({ subject }) => subject) };
  const devices = { oneOf: people.map(({ device }) => device) };
  const trusts = await readTrust(records, { subjects: subjects.oneOf });
  const separations = await separationsOf(records, people);
  const firstVisits = await firstVisitsOf(records, subjects.oneOf);
  const since = { atMs: { from: nowMs - MET_READ_MS } };
  const pairs = await records.pairs.find(
    [
      { a: subjects, ...since },
      { b: subjects, ...since },
    ],
    { limit: MET_READ_MAX * people.length, newestFirst: true },
  );
  const today = { atMs: { from: nowMs - AGE_REFUSAL_KEPT_MS + 1 } };
  const refusals = await records.ageRefusals.find(
    [
      { subject: subjects, ...today },
      { device: devices, ...today },
    ],
    { limit: SEPARATIONS_READ_MAX, newestFirst: true },
  );
  const asking = trusts.filter(({ provenUntilMs }) => nowMs < provenUntilMs);
  const askers = input.withQuestions === true ? asking.map((trust) => trust.subject) : [];
  const asked = await readQuestions(records, askers, nowMs);
  return people.map((person) => {
    const { subject, device } = person;
    const questions = asked.get(subject);
    // The latest declarations come first.
    const byCookie = refusals.find((refusal) => refusal.subject === subject)?.atMs ?? null;
    const byDevice = refusals.find((refusal) => refusal.device === device)?.atMs ?? null;
    return {
      subject,
      device,
      trust: trusts.find((trust) => trust.subject === subject) ?? null,
      apart: separations.filter((one) => isAbout(one, person)).map(noteOf),
      met: pairs.flatMap((pair) => metIn(pair, subject)),
      ageRefusedAtMs:
        byCookie === null && byDevice === null ? null : Math.max(byCookie ?? 0, byDevice ?? 0),
      cookieRefusedAtMs: byCookie,
      deviceRefusedAtMs: byDevice,
      firstSeenAtMs: firstVisits.get(subject) ?? null,
      ...(questions !== undefined && { questions }),
    };
  });
}

/**
 * Reads each person's separations alone if together they exceed the limit. Otherwise one person
 * with very many blocks would hide those of the others.
 */
async function separationsOf(
  records: Records,
  people: readonly AskedPerson[],
): Promise<readonly StoredSeparation[]> {
  const subjects = { oneOf: people.map(({ subject }) => subject) };
  const devices = { oneOf: people.map(({ device }) => device) };
  const found = await records.blocks.find(
    [
      { by: subjects, kind: HOLDING },
      { of: subjects, kind: HOLDING },
      { byDevice: devices },
      { ofDevice: devices },
    ],
    { limit: SEPARATIONS_READ_MAX, newestFirst: true },
  );
  if (found.length < SEPARATIONS_READ_MAX || people.length === 1) return found.toReversed();
  const each: StoredSeparation[] = [];
  for (const person of people) each.push(...(await separationsOf(records, [person])));
  return each;
}

function isAbout(separation: StoredSeparation, { subject, device }: AskedPerson): boolean {
  const { by, of, byDevice, ofDevice } = separation;
  return by === subject || of === subject || byDevice === device || ofDevice === device;
}

function metIn({ id: match, sides: [a, b], atMs, endedAtMs }: StoredPair, subject: SubjectId) {
  const other = a.subject === subject ? b : b.subject === subject ? a : null;
  if (other === null) return [];
  const { subject: partner, device = null } = other;
  return [{ match, subject: partner, device, atMs: endedAtMs ?? atMs }];
}
