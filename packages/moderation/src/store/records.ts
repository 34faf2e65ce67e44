import type { MemberId } from '@farandole/accounts/ids';
import type { AccountRecords, AuditEntry } from '@farandole/accounts/records';
import type { Collection } from '@farandole/kernel/collection';
import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { Appeal } from '../appeals/appeal.ts';
import type { Case, CaseState } from '../cases/case-machine.ts';
import type { KeptPicture, PictureKey } from '../evidence/picture.ts';
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
import type { Lane } from '../reports/lane.ts';
import type { Sanction } from '../sanctions/sanction.ts';
import type { Strike } from '../sanctions/strike.ts';
import type {
  Anchor,
  Decision,
  KeptApproval,
  KeptPair,
  KeptReport,
  KeptSetting,
  Person,
  Tally,
  Words,
  WordsOwner,
} from './kept.ts';

/** Words are kept apart from all else, each sealed by a key of its own. */
export interface WordsKept {
  put(owner: WordsOwner, id: string, words: Words, keepUntilMs: number): Promise<void>;
  /** Null when there were none, or they are shredded. */
  get(owner: WordsOwner, id: string): Promise<Words | null>;
  keepUntil(owner: WordsOwner, id: string, keepUntilMs: number): Promise<void>;
  shred(owner: WordsOwner, id: string): Promise<void>;
  /** Shreds at most `limit` of those whose time is over, and says how many. */
  shredDue(nowMs: number, limit: number): Promise<number>;
  /** Puts all of them under the newest key of the server's; says how many, and how many no key opened. */
  rewrap(): Promise<{ readonly rewrapped: number; readonly unopened: number }>;
}

export interface AuditRow extends Omit<AuditEntry, 'details'> {
  readonly seq: number;
  /** Null once they were forgotten. */
  readonly details: AuditEntry['details'] | null;
}

/** `at`: the first row that is not what was written, or is missing. */
export type AuditVerdict =
  | { readonly ok: true; readonly rows: number; readonly head: number }
  | { readonly ok: false; readonly at: number };

/** Where the audit ended once, as the server has sealed it: to be kept somewhere else than the store. */
export interface AuditCheckpoint {
  readonly seq: number;
  readonly hash: string;
  readonly seal: string;
}

/** The action of the only rows that are about somebody themselves, of whom nothing is told after an erasure. */
export const ERASE_ACTION = 'subject.erase';

/** What was done and by whom, in a chain of hashes. Rows are only ever added at its end. */
export interface AuditTrail {
  append(entry: AuditEntry): Promise<void>;
  /** Rows after `seq`, the oldest first. */
  after(seq: number, limit: number): Promise<readonly AuditRow[]>;
  /** The newest rows about something, the oldest of them first. */
  of(about: string, limit: number): Promise<readonly AuditRow[]>;
  /** The number of the last row; 0 where there is none. */
  head(): Promise<number>;
  /** How many different things somebody did something to, from a time on. */
  countAbout(by: MemberId, action: string, fromMs: number): Promise<number>;
  /** How often somebody did something, from a time on. */
  countOf(by: AuditEntry['by'], action: string, fromMs: number): Promise<number>;
  /** The number of the last row of any of these actions; 0 where there is none. */
  lastOf(actions: readonly string[]): Promise<number>;
  /** Rows of any of these actions after `seq`, the oldest first. */
  ofActions(actions: readonly string[], seq: number, limit: number): Promise<readonly AuditRow[]>;
  /** @param known where it ended once, if that was kept elsewhere */
  verify(known: AuditCheckpoint | null): Promise<AuditVerdict>;
  /** Where it ends now; null where that is not sealed, or `known` is not part of it any more. */
  checkpoint(known: AuditCheckpoint | null): Promise<AuditCheckpoint | null>;
  /**
   * Forgets what earlier erasures of somebody came to (`ERASE_ACTION`), and no row of anything else; the chain verifies
   * once another is said of them.
   */
  forget(about: string): Promise<void>;
  /** Takes away the oldest rows that are before `atMs`, `limit` at most; the rest still verifies. */
  prune(atMs: number, limit: number): Promise<number>;
}

/**
 * All that is kept, as one transaction sees it: what was put is there for whoever asks next within
 * the transaction, and for nobody else before it is committed.
 */
export interface Records extends AccountRecords {
  readonly cases: Collection<
    CaseId,
    Case,
    {
      id: CaseId;
      subject: SubjectId;
      device: DeviceKeyId;
      state: CaseState;
      lane: Lane;
      /** 1 where it stands above the others in the queue (`isPinned`), 0 elsewhere. */
      pinned: number;
      atMs: number;
    }
  >;
  readonly reports: Collection<
    ReportId,
    KeptReport,
    { case: CaseId; by: SubjectId; of: SubjectId; match: MatchId; code: string; atMs: number }
  >;
  /** `keepUntilMs`: the largest number once it is shredded. */
  readonly pictures: Collection<
    PictureId,
    KeptPicture,
    { report: ReportId; case: CaseId; keepUntilMs: number; atMs: number }
  >;
  /** Without one of them nobody opens a picture: to shred it is to remove them all. */
  readonly pictureKeys: Collection<PictureKeyId, PictureKey, { picture: PictureId; atMs: number }>;
  readonly decisions: Collection<
    DecisionId,
    Decision,
    { id: DecisionId; case: CaseId; subject: SubjectId; atMs: number }
  >;
  /** `holdsUntilMs`: its end or when it was lifted, the earlier; the largest number without either. */
  readonly sanctions: Collection<
    SanctionId,
    Sanction,
    {
      id: SanctionId;
      decision: DecisionId;
      subject: SubjectId;
      device: DeviceKeyId;
      holdsUntilMs: number;
      /** 1 as long as it says of which network it is, 0 elsewhere. */
      namesNetwork: number;
    }
  >;
  readonly strikes: Collection<StrikeId, Strike, { subject: SubjectId; decision: DecisionId }>;
  /** `sanction` and `author`: of an appeal of somebody affected; null of a subject's. */
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
    KeptApproval,
    { state: KeptApproval['state']; atMs: number }
  >;
  /** `heldUntilMs`: the end of a hold; 0 without one. `atMs`: when something was last heard. */
  readonly people: Collection<
    SubjectId,
    Person,
    { id: SubjectId; heldUntilMs: number; atMs: number }
  >;
  readonly settings: Collection<string, KeptSetting, { atMs: number }>;
  readonly tallies: Collection<string, Tally, { atMs: number }>;
  /** `a` and `b`: the two of them. */
  readonly pairs: Collection<MatchId, KeptPair, { a: SubjectId; b: SubjectId; atMs: number }>;
  readonly anchors: Collection<
    string,
    Anchor,
    { subject: SubjectId; network: AnchorHash; atMs: number }
  >;
  readonly words: WordsKept;
  readonly audit: AuditTrail;
}
