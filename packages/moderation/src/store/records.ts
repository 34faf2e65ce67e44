import type { MemberId } from '@farandole/accounts/ids';
import type { AccountRecords, AuditEntry } from '@farandole/accounts/records';
import type { Collection } from '@farandole/kernel/collection';
import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { Appeal } from '../appeals/appeal.ts';
import type { Case, CaseState } from '../cases/case-machine.ts';
import type { PictureKey, StoredPicture } from '../evidence/picture.ts';
import type {
  AnchorHash,
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  PictureId,
  PictureKeyId,
  ReportId,
  SanctionId,
  StrikeId,
} from '../ids.ts';
import type { QueueName } from '../reports/queue-name.ts';
import type { Sanction } from '../sanctions/sanction.ts';
import type { Strike } from '../sanctions/strike.ts';
import type {
  Anchor,
  Decision,
  Person,
  StoredApproval,
  StoredPair,
  StoredReport,
  StoredSetting,
  Tally,
  TextOwner,
  UserText,
} from './stored.ts';

/** Texts, stored separately and each encrypted with its own key. */
export interface TextRecords {
  put(owner: TextOwner, id: string, words: UserText, keepUntilMs: number): Promise<void>;
  get(owner: TextOwner, id: string): Promise<UserText | null>;
  keepUntil(owner: TextOwner, id: string, keepUntilMs: number): Promise<void>;
  destroyKey(owner: TextOwner, id: string): Promise<void>;
  /** Destroys at most `limit` expired texts; returns the number. */
  destroyDue(nowMs: number, limit: number): Promise<number>;
  /** Re-encrypts all with the newest server key; returns the number, and how many no key opened. */
  rewrap(): Promise<{ readonly rewrapped: number; readonly unopened: number }>;
}

export interface AuditRow extends Omit<AuditEntry, 'details'> {
  readonly seq: number;
  /** Null once erased. */
  readonly details: AuditEntry['details'] | null;
}

/** `at`: the first altered or missing row. */
export type AuditVerdict =
  | { readonly ok: true; readonly rows: number; readonly head: number }
  | { readonly ok: false; readonly at: number };

/** An earlier end of the audit with the server's seal, for external storage. */
export interface AuditCheckpoint {
  readonly seq: number;
  readonly hash: string;
  readonly seal: string;
}

/** Action of the rows about users themselves, whose details a later erasure removes. */
export const ERASE_ACTION = 'subject.erase';

/** An append-only audit log, chained by hashes. */
export interface AuditTrail {
  append(entry: AuditEntry): Promise<void>;
  after(seq: number, limit: number): Promise<readonly AuditRow[]>;
  /** Newest rows about something, oldest first. */
  of(about: string, limit: number): Promise<readonly AuditRow[]>;
  head(): Promise<number>;
  /** Distinct objects of a member's action since a time. */
  countAbout(by: MemberId, action: string, fromMs: number): Promise<number>;
  countOf(by: AuditEntry['by'], action: string, fromMs: number): Promise<number>;
  lastOf(actions: readonly string[]): Promise<number>;
  ofActions(actions: readonly string[], seq: number, limit: number): Promise<readonly AuditRow[]>;
  /** @param known an earlier end, stored elsewhere */
  verify(known: AuditCheckpoint | null): Promise<AuditVerdict>;
  /** The current end; null if unsealed, or if `known` isn't part of the log. */
  checkpoint(known: AuditCheckpoint | null): Promise<AuditCheckpoint | null>;
  /**
   * Removes the details of a user's earlier erasures (`ERASE_ACTION`), and of no other row; the
   * chain verifies once a further row about them is appended.
   */
  forget(about: string): Promise<void>;
  /** Removes at most `limit` rows before `atMs`, oldest first; the rest still verifies. */
  prune(atMs: number, limit: number): Promise<number>;
}

/** One transaction, which reads its own writes; others see them after the commit. */
export interface Records extends AccountRecords {
  readonly cases: Collection<
    CaseId,
    Case,
    {
      id: CaseId;
      subject: SubjectId;
      device: DeviceKeyId;
      state: CaseState;
      lane: QueueName;
      /** 1 if pinned (`isPinned`), else 0. */
      pinned: number;
      atMs: number;
    }
  >;
  readonly reports: Collection<
    ReportId,
    StoredReport,
    { case: CaseId; by: SubjectId; of: SubjectId; match: MatchId; code: string; atMs: number }
  >;
  /** `keepUntilMs`: the largest number once destroyed. */
  readonly pictures: Collection<
    PictureId,
    StoredPicture,
    { report: ReportId; case: CaseId; keepUntilMs: number; atMs: number }
  >;
  /** Removing all keys of a picture destroys it. */
  readonly pictureKeys: Collection<PictureKeyId, PictureKey, { picture: PictureId; atMs: number }>;
  readonly decisions: Collection<
    DecisionId,
    Decision,
    { id: DecisionId; case: CaseId; subject: SubjectId; atMs: number }
  >;
  /** `holdsUntilMs`: its end or lifting, if earlier; the largest number without either. */
  readonly sanctions: Collection<
    SanctionId,
    Sanction,
    {
      id: SanctionId;
      decision: DecisionId;
      subject: SubjectId;
      device: DeviceKeyId;
      holdsUntilMs: number;
      /** 1 while it contains its network, else 0. */
      namesNetwork: number;
    }
  >;
  readonly strikes: Collection<StrikeId, Strike, { subject: SubjectId; decision: DecisionId }>;
  /** `sanction` and `author`: of an affected user's appeal; null for a subject's. */
  readonly appeals: Collection<
    AppealId,
    Appeal,
    {
      decision: DecisionId;
      standing: Appeal['standing'];
      sanction: SanctionId;
      author: SubjectId;
      state: Appeal['state'];
      atMs: number;
    }
  >;
  readonly approvals: Collection<
    ApprovalId,
    StoredApproval,
    { state: StoredApproval['state']; atMs: number }
  >;
  /** `heldUntilMs`, `provenUntilMs`: end of a hold or standing; 0 without. `atMs`: last event. */
  readonly people: Collection<
    SubjectId,
    Person,
    { id: SubjectId; heldUntilMs: number; provenUntilMs: number; atMs: number }
  >;
  readonly settings: Collection<string, StoredSetting, { atMs: number }>;
  readonly tallies: Collection<string, Tally, { atMs: number }>;
  readonly pairs: Collection<MatchId, StoredPair, { a: SubjectId; b: SubjectId; atMs: number }>;
  readonly anchors: Collection<
    string,
    Anchor,
    { subject: SubjectId; network: AnchorHash; atMs: number }
  >;
  readonly words: TextRecords;
  readonly audit: AuditTrail;
}
