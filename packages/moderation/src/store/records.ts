import type { MemberId } from '@farandole/accounts/ids';
import type { AccountRecords, AuditEntry } from '@farandole/accounts/records';
import type { Collection } from '@farandole/kernel/collection';
import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { StoredAgeRefusal, StoredSeparation } from '../apart/separation.ts';
import type { Appeal } from '../appeals/appeal.ts';
import type { Case, CaseState } from '../cases/case-machine.ts';
import type { QueuePlace } from '../cases/queue-place.ts';
import type { PictureKey, StoredPicture } from '../evidence/picture.ts';
import type {
  AnchorHash,
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  DeviceHash,
  FoldId,
  PictureId,
  PictureKeyId,
  PushId,
  ReportId,
  SanctionId,
  StrikeId,
} from '../ids.ts';
import type { StoredPush } from '../push/subscriptions.ts';
import type { QueueName } from '../reports/queue-name.ts';
import type { Sanction } from '../sanctions/sanction.ts';
import type { Strike } from '../sanctions/strike.ts';
import type {
  Anchor,
  Decision,
  Person,
  ServerState,
  StoredApproval,
  StoredPair,
  StoredReport,
  StoredSetting,
  Tally,
  TextOwner,
  UserText,
} from './stored.ts';

/** Texts by users and members. They are stored separately, each encrypted with its own key. */
export interface TextRecords {
  put(owner: TextOwner, id: string, words: UserText, keepUntilMs: number): Promise<void>;
  get(owner: TextOwner, id: string): Promise<UserText | null>;
  keepUntil(owner: TextOwner, id: string, keepUntilMs: number): Promise<void>;
  destroyKey(owner: TextOwner, id: string): Promise<void>;
  /** Destroys at most `limit` expired texts and returns how many it destroyed. */
  destroyDue(nowMs: number, limit: number): Promise<number>;
  /**
   * Encrypts the keys of some texts again.
   *
   * @param to name of the server key that encrypts them
   * @param after the texts' ids come after this one
   */
  rewrap(to: string, after: string, limit: number): Promise<RewrappedTexts>;
  /** Replaces the named server keys that this process knows. Changes nothing in the store. */
  useKeys(keys: readonly { readonly id: string; readonly key: Uint8Array }[]): void;
}

export interface RewrappedTexts {
  readonly rewrapped: number;
  /** Number of texts whose key no known server key decrypts. */
  readonly unopened: number;
  /** Id after which to continue. Null if no text is left. */
  readonly next: string | null;
}

/** A rotating key of the server, encrypted with a key from outside the store. */
export interface StoredRotatingKey {
  readonly id: string;
  /** When servers begin to use the key. */
  readonly fromMs: number;
  readonly sealed: string;
}

/** What the store holds about the keys of its servers. */
export interface ServerKeyRecords {
  /** One-way fingerprint of the keys to which the store belongs. Null in an old or new store. */
  fingerprint(): Promise<string | null>;
  setFingerprint(value: string): Promise<void>;
  /** Returns whether the keys with which this process opened the store sealed its audit. */
  sealedAudit(): Promise<boolean>;
  /** Name of the server key that encrypts new texts. Null before the first server claims it. */
  textKey(): Promise<string | null>;
  setTextKey(name: string): Promise<void>;
  /** Returns the rotating keys in the order in which they were added. */
  rotating(): Promise<readonly StoredRotatingKey[]>;
  addRotating(keys: readonly StoredRotatingKey[]): Promise<void>;
  removeRotating(ids: readonly string[]): Promise<void>;
}

/**
 * The encrypted bytes of pictures. A picture's bytes are deleted together with the picture's last
 * key.
 */
export interface PictureBytes {
  /**
   * Stores a picture. Changes nothing if the picture is already stored.
   *
   * @param inBackups whether backups contain the picture
   */
  put(id: PictureId, sealed: Uint8Array, inBackups: boolean): Promise<void>;
  get(id: PictureId): Promise<Uint8Array | null>;
  keepOutOfBackups(id: PictureId): Promise<void>;
  remove(id: PictureId): Promise<void>;
}

export interface AuditRow extends Omit<AuditEntry, 'details'> {
  readonly seq: number;
  /** The details of the action. Null once they were erased. */
  readonly details: AuditEntry['details'] | null;
}

/** If `ok` is false, `at` is the number of the first altered or missing row. */
export type AuditVerdict =
  | { readonly ok: true; readonly rows: number; readonly head: number }
  | { readonly ok: false; readonly at: number };

/** An earlier end of the audit log, sealed by the server, for storage outside the database. */
export interface AuditCheckpoint {
  readonly seq: number;
  readonly hash: string;
  readonly seal: string;
}

/**
 * Action of audit rows about a user's requests for their own data. If the user requests an
 * erasure later, the details of these rows are removed.
 */
export const ERASE_ACTION = 'subject.erase';

/** An append-only audit log. Each row contains the hash of the row before. */
export interface AuditTrail {
  append(entry: AuditEntry): Promise<void>;
  after(seq: number, limit: number): Promise<readonly AuditRow[]>;
  /** Returns the newest rows about an object. Among these the oldest comes first. */
  of(about: string, limit: number): Promise<readonly AuditRow[]>;
  head(): Promise<number>;
  /** Returns the number of different objects on which a member performed an action since a time. */
  countAbout(by: MemberId, action: string, fromMs: number): Promise<number>;
  countOf(by: AuditEntry['by'], action: string, fromMs: number): Promise<number>;
  lastOf(actions: readonly string[]): Promise<number>;
  ofActions(actions: readonly string[], seq: number, limit: number): Promise<readonly AuditRow[]>;
  /**
   * Checks the hashes and the seal of the whole log.
   *
   * @param known an earlier end of the log, which the caller stored elsewhere
   */
  verify(known: AuditCheckpoint | null): Promise<AuditVerdict>;
  /** Returns the end of the log. Null if the end has no seal or the log doesn't contain `known`. */
  checkpoint(known: AuditCheckpoint | null): Promise<AuditCheckpoint | null>;
  /**
   * Removes the details of a user's earlier erasures (`ERASE_ACTION`) and of no other row. The
   * chain of hashes is valid again after a further row about the user is appended.
   */
  forget(about: string): Promise<void>;
  /** Removes at most `limit` rows from before `atMs`, oldest first. The other rows still verify. */
  prune(atMs: number, limit: number): Promise<number>;
}

/** The waiting cases of one fold, which the queue shows as one row. */
export interface WaitingFold {
  readonly id: FoldId;
  /** Place of the fold's first case, which is the one with the worst reason. */
  readonly first: QueuePlace;
  readonly reports: number;
}

export interface FoldRecords {
  /**
   * Returns the folds that have waiting cases, ordered by the place of each fold's first case.
   *
   * @param from inclusive lower bound of the first case's place
   * @param fold if given, only this fold is returned
   */
  waiting(options: {
    readonly fold?: FoldId;
    readonly from: QueuePlace;
    readonly to: QueuePlace;
    readonly limit: number;
  }): Promise<readonly WaitingFold[]>;
}

/** The records in one transaction, which reads its own writes. Others see them after the commit. */
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
      /** The fold of a folded case. Null for other cases. */
      fold: FoldId;
      /** Place of an undecided case, see `placeOf`. Null for other cases. */
      place: QueuePlace;
      atMs: number;
    }
  >;
  readonly reports: Collection<
    ReportId,
    StoredReport,
    {
      case: CaseId;
      by: SubjectId;
      of: SubjectId;
      match: MatchId;
      code: string;
      /** Network of an unproven reporter whose report isn't folded. Null otherwise. */
      source: string;
      /** Network and device of the reporter of a folded report. Null for other reports. */
      foldSource: string;
      foldDevice: string;
      atMs: number;
    }
  >;
  readonly folds: FoldRecords;
  /** `keepUntilMs` is the picture's expiry, or the largest safe integer once it was destroyed. */
  readonly pictures: Collection<
    PictureId,
    StoredPicture,
    { report: ReportId; case: CaseId; keepUntilMs: number; atMs: number }
  >;
  /** Keys of pictures. Removing all keys of a picture destroys the picture. */
  readonly pictureKeys: Collection<PictureKeyId, PictureKey, { picture: PictureId; atMs: number }>;
  readonly pictureBytes: PictureBytes;
  readonly decisions: Collection<
    DecisionId,
    Decision,
    { id: DecisionId; case: CaseId; subject: SubjectId; atMs: number }
  >;
  /**
   * `holdsUntilMs` is the time when the sanction ends or was lifted, whichever is earlier. It is
   * the largest safe integer if there is neither.
   */
  readonly sanctions: Collection<
    SanctionId,
    Sanction,
    {
      id: SanctionId;
      decision: DecisionId;
      subject: SubjectId;
      device: DeviceKeyId;
      holdsUntilMs: number;
      /** Whether the sanction contains a network's hash: 1 or 0. */
      namesNetwork: number;
    }
  >;
  readonly strikes: Collection<StrikeId, Strike, { subject: SubjectId; decision: DecisionId }>;
  /**
   * `decision` is null for an appeal against a measure by software or an age refusal. `sanction`
   * is null except for an affected user's appeal. `device` is null except for an appeal against
   * an age refusal. `author` is null for an appeal by a decision's subject.
   */
  readonly appeals: Collection<
    AppealId,
    Appeal,
    {
      decision: DecisionId;
      standing: Appeal['standing'];
      sanction: SanctionId;
      author: SubjectId;
      device: DeviceHash;
      state: Appeal['state'];
      atMs: number;
    }
  >;
  readonly approvals: Collection<
    ApprovalId,
    StoredApproval,
    { state: StoredApproval['state']; atMs: number }
  >;
  /**
   * `heldUntilMs` is the end of an automatic suspension, or 0. `provenUntilMs` is the end of the
   * time for which a user is proven, or 0. `atMs` is the time of the last event.
   */
  readonly people: Collection<
    SubjectId,
    Person,
    { id: SubjectId; heldUntilMs: number; provenUntilMs: number; atMs: number }
  >;
  readonly settings: Collection<string, StoredSetting, { atMs: number }>;
  readonly serverState: Collection<ServerState['id'], ServerState, { atMs: number }>;
  readonly tallies: Collection<string, Tally, { atMs: number }>;
  /** `atMs` is the end of the meeting, or its start while the call runs. */
  readonly pairs: Collection<
    MatchId,
    StoredPair,
    { id: MatchId; a: SubjectId; b: SubjectId; atMs: number }
  >;
  readonly anchors: Collection<
    string,
    Anchor,
    { subject: SubjectId; network: AnchorHash; atMs: number }
  >;
  /** Blocks, and the separations that follow from reports. */
  readonly blocks: Collection<
    string,
    StoredSeparation,
    {
      by: SubjectId;
      of: SubjectId;
      byDevice: DeviceKeyId;
      ofDevice: DeviceKeyId;
      kind: StoredSeparation['kind'];
      /** Whether the separation contains a network's hash: 1 or 0. */
      namesNetwork: number;
      atMs: number;
    }
  >;
  readonly ageRefusals: Collection<
    string,
    StoredAgeRefusal,
    { subject: SubjectId; device: DeviceKeyId; atMs: number }
  >;
  /** Browsers that get a notification when someone searches. */
  readonly pushes: Collection<
    PushId,
    StoredPush,
    { subject: SubjectId; mode: string; sentAtMs: number; atMs: number }
  >;
  readonly words: TextRecords;
  readonly keys: ServerKeyRecords;
  readonly audit: AuditTrail;
}
