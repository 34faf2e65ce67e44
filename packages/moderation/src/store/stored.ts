import type { MemberId } from '@farandole/accounts/ids';
import type { Role } from '@farandole/accounts/roles';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { DecisionFacts } from '../appeals/statement.ts';
import type { Approval } from '../cases/approval.ts';
import type { Measure } from '../cases/decision.ts';
import type { Report } from '../cases/intake.ts';
import type { Suspension } from '../cases/suspension.ts';
import type { AnchorHash, CaseId, DecisionId, PictureId, ReportId, SanctionId } from '../ids.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { SanctionScope } from '../sanctions/sanction.ts';
import type { Restrictions } from '../trust/standing.ts';
import type { Segment, Tier, Trust } from '../trust/trust.ts';
import type { Via } from './via.ts';

/**
 * Stored entities without rules. They contain no user text: texts are stored separately (`Words`),
 * so that they can be erased while the rest stays.
 */

export interface StoredReport extends Omit<Report, 'note'> {
  /** The code given to the reporter. */
  readonly code: string;
  /** The reporter's seat; lines of the other seat are the subject's. */
  readonly side: 'a' | 'b';
  readonly case: CaseId;
  readonly weight: number;
  /** What it added to the subject's score; subtracted when rejected. */
  readonly added: number;
  /** The subject's session number at the time; absent in old reports. */
  readonly session?: number;
  readonly verdict: Verdict;
  /** Verdict before the last decision, while undo is possible. */
  readonly verdictBefore: Verdict;
  /** How the two met; absent until the ledger reports it. */
  readonly pair?: ReportedPair;
  /** When the reporter asked to erase a text that was still needed; otherwise absent. */
  readonly erasureAskedAtMs?: number;
}

/**
 * Verdict of a review. `rejected`: its evidence shows no breach, so the reporter was wrong.
 * `inconclusive`: no evidence either way; costs the reporter nothing.
 */
export type Verdict = 'waiting' | 'upheld' | 'inconclusive' | 'rejected';

export interface SaidLine {
  readonly side: 'a' | 'b';
  readonly counters: readonly [number, number, ...number[]];
  readonly atMs: number;
  readonly text: string;
}

/** A report's note and lines, a decision's note, an appeal, or an authenticator secret. */
export interface UserText {
  readonly note: string | null;
  readonly lines: readonly SaidLine[];
}

export type TextOwner = 'report' | 'decision' | 'appeal' | 'authenticator';

export interface Decision {
  readonly id: DecisionId;
  readonly case: CaseId;
  readonly subject: SubjectId;
  readonly measure: Measure;
  readonly reason: ReportReason;
  /** Decider and approver. */
  readonly deciders: readonly MemberId[];
  readonly atMs: number;
  /** Null without an end or without sanctions. */
  readonly endsAtMs: number | null;
  /** When it was undone, overturned or replaced; null while in force. */
  readonly reversedAtMs: number | null;
  /** The decision that replaced it after a reopening. */
  readonly replacedBy: DecisionId | null;
  /** The hold and sanctions that it ended; an undo restores them. */
  readonly ended: {
    readonly holdUntilMs: number | null;
    readonly sanctions: readonly SanctionId[];
  };
  readonly facts?: DecisionFacts;
  /** Of a dismissal: sampled reports and the result; usually absent. */
  readonly sample?: {
    readonly reports: readonly ReportId[];
    readonly answer: {
      readonly by: MemberId;
      readonly atMs: number;
      readonly agrees: boolean;
    } | null;
  };
}

interface ProposalFields {
  readonly decision: {
    readonly case: CaseId;
    readonly measure: Measure;
    readonly reason: ReportReason;
    readonly networks: readonly NetworkScope[];
  };
  readonly roles: { readonly member: MemberId; readonly roles: readonly Role[] };
  /** More reads and revealed pictures than the shift limit. */
  readonly reveals: { readonly member: MemberId };
  readonly unsealing: { readonly case: CaseId; readonly picture: PictureId };
  readonly deletion: { readonly case: CaseId };
}

export type ProposalKind = keyof ProposalFields;

export type Proposal<Kind extends ProposalKind = ProposalKind> = {
  [Of in Kind]: { readonly of: Of } & ProposalFields[Of];
}[Kind];

export type NetworkScope = Extract<SanctionScope, { scope: 'prefix' }>;

export type StoredApproval = Approval & {
  readonly proposal: Proposal;
  /** Set for requests made outside the console in the member's name. */
  readonly via?: Via;
};

export interface Person {
  readonly id: SubjectId;
  readonly trust: Trust;
  readonly rejected: number;
  readonly hold: Suspension | null;
  /** Absent without a counted call or loss. */
  readonly standing?: Restrictions;
  /** When the user asked for an erasure that a case or hold delayed; otherwise absent. */
  readonly erasureAskedAtMs?: number;
}

/** A user of a pair, as known at the meeting. */
export interface PairSide {
  readonly subject: SubjectId;
  /** In the search that led to it; null if unknown. */
  readonly place: { readonly tier: Tier; readonly circle: Segment } | null;
}

/** A meeting of two users, kept for a time as evidence. */
export interface StoredPair {
  readonly id: MatchId;
  readonly atMs: number;
  readonly sides: readonly [PairSide, PairSide];
  readonly mode: string | null;
  /** The required age state, and so the known minimum of both (MO-98). */
  readonly age: string;
  readonly policy: number;
}

/** How reporter and subject met; a copy that outlives the ledger's. */
export interface ReportedPair extends Omit<StoredPair, 'id' | 'sides'> {
  readonly reporter: PairSide['place'];
  readonly reported: PairSide['place'];
}

/** A user's network as a keyed hash. */
export interface Anchor {
  readonly id: string;
  readonly subject: SubjectId;
  readonly network: AnchorHash;
  readonly family: 'v4' | 'v6';
  readonly bits: number;
  /** Last use, within some hours. */
  readonly atMs: number;
}

/** Count of an event in the hour that starts at `atMs`. */
export interface Tally {
  readonly id: string;
  readonly atMs: number;
  readonly count: number;
}

export interface StoredSetting {
  readonly id: string;
  readonly value: string;
  readonly atMs: number;
}
