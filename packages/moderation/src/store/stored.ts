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
import type { Finding } from '../reports/verdict.ts';
import type { SanctionScope } from '../sanctions/sanction.ts';
import type { Notice } from '../trust/notice.ts';
import type { Standing } from '../trust/standing.ts';
import type { Segment, Tier, Trust } from '../trust/trust.ts';
import type { Via } from './via.ts';

/**
 * Stored entities without rules. They contain no texts by users, which are stored separately
 * (`UserText`), so that a text can be erased while its entity stays.
 */

export interface StoredReport extends Omit<Report, 'note'> {
  /** The code that the reporter received. */
  readonly code: string;
  /** The reporter's seat of the call. Lines of the other seat are the subject's. */
  readonly side: 'a' | 'b';
  readonly case: CaseId;
  /** Weight of the report by the reporter's record alone. */
  readonly weight: number;
  /**
   * Weight that the report added to the subject's score. It is subtracted once the report is
   * settled without a breach.
   */
  readonly added: number;
  /** Whether the reporter was proven at the time of the report; absent if not. */
  readonly byProven?: true;
  /** Number of the subject's session in which it was reported; absent in old reports. */
  readonly session?: number;
  readonly verdict: Verdict;
  /** The report's verdict before the last decision, needed while an undo is possible. */
  readonly verdictBefore: Verdict;
  /** Part of the report that counts against its reporter, from 0 to 1; absent until judged. */
  readonly against?: number;
  readonly againstBefore?: number;
  /** How reporter and subject met; absent until a node reports the meeting. */
  readonly pair?: ReportedPair;
  /** When the reporter asked to erase a text that was still needed; absent if never. */
  readonly erasureAskedAtMs?: number;
}

/**
 * Verdict of a review. `rejected`: the evidence shows no breach, so the reporter was wrong.
 * `inconclusive`: no evidence supports or contradicts the report. Both remove the report's weight.
 */
export type Verdict = 'waiting' | 'upheld' | 'inconclusive' | 'rejected';

export interface SaidLine {
  readonly side: 'a' | 'b';
  readonly counters: readonly [number, number, ...number[]];
  readonly atMs: number;
  readonly text: string;
}

/** Kinds of text: a report's, a decision's note, an appeal, an authenticator secret. */
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
  /** The decider, followed by the approver if there was one. */
  readonly deciders: readonly MemberId[];
  readonly atMs: number;
  /** What a dismissal says about its reports; absent for other measures. */
  readonly finding?: Finding;
  /** When the sanctions end; null if the decision has no sanctions or they have no end. */
  readonly endsAtMs: number | null;
  /** When the decision was undone, overturned or replaced; null while it is in force. */
  readonly reversedAtMs: number | null;
  /** The decision that replaced this decision after a reopening; null if none did. */
  readonly replacedBy: DecisionId | null;
  /** The suspension and sanctions that the decision ended. An undo restores them. */
  readonly ended: {
    readonly holdUntilMs: number | null;
    readonly sanctions: readonly SanctionId[];
  };
  readonly facts?: DecisionFacts;
  /** The sampled reports of a dismissal and the second member's result; absent if not sampled. */
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
    readonly finding?: Finding;
    readonly networks: readonly NetworkScope[];
  };
  readonly roles: { readonly member: MemberId; readonly roles: readonly Role[] };
  /** A senior's approval to read and view more than the shift limit. */
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
  /** How the request was made, if it was made in the member's name outside the console. */
  readonly via?: Via;
};

export interface Person {
  readonly id: SubjectId;
  readonly trust: Trust;
  readonly rejected: number;
  readonly hold: Suspension | null;
  /** Absent unless software ever restricted the user. */
  readonly notice?: Notice;
  /** Absent without a counted call or loss. */
  readonly standing?: Standing;
  /** When the user asked for an erasure that a case or suspension delayed; absent if never. */
  readonly erasureAskedAtMs?: number;
}

/** One of the two users of a meeting, with the facts that were known when they met. */
export interface PairSide {
  readonly subject: SubjectId;
  /** Tier and segment of the search that led to the meeting; null if unknown. */
  readonly place: { readonly tier: Tier; readonly circle: Segment } | null;
}

/** A meeting of two users, stored for `PAIR_KEPT_MS` as evidence. */
export interface StoredPair {
  readonly id: MatchId;
  readonly atMs: number;
  readonly sides: readonly [PairSide, PairSide];
  readonly mode: string | null;
  /** The required age state, which both users had at least (MO-98). */
  readonly age: string;
  readonly policy: number;
}

/** How reporter and subject met. This copy stays when the record of the meeting is removed. */
export interface ReportedPair extends Omit<StoredPair, 'id' | 'sides'> {
  readonly reporter: PairSide['place'];
  readonly reported: PairSide['place'];
}

/** A user's network, stored as a keyed hash. */
export interface Anchor {
  readonly id: string;
  readonly subject: SubjectId;
  readonly network: AnchorHash;
  readonly family: 'v4' | 'v6';
  readonly bits: number;
  /** When the user last used the network, accurate to some hours. */
  readonly atMs: number;
}

/** How often an event happened in the hour that starts at `atMs`. */
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
