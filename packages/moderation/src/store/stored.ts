import type { MemberId } from '@farandole/accounts/ids';
import type { Role } from '@farandole/accounts/roles';
import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { SeatName } from '../apart/separation.ts';
import type { DecisionFacts } from '../appeals/statement.ts';
import type { Approval } from '../cases/approval.ts';
import type { Measure } from '../cases/decision.ts';
import type { Report } from '../cases/intake.ts';
import type { Suspension } from '../cases/suspension.ts';
import type {
  AnchorHash,
  CaseId,
  DecisionId,
  FoldId,
  PictureId,
  ReportId,
  SanctionId,
} from '../ids.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { Finding } from '../reports/verdict.ts';
import type { SanctionScope } from '../sanctions/sanction.ts';
import type { CleanNetwork } from '../trust/clean-networks.ts';
import type { ExchangeClosure } from '../trust/exchange-closure.ts';
import type { Notice } from '../trust/notice.ts';
import type { Standing } from '../trust/standing.ts';
import type { Segment, Tier, Trust } from '../trust/trust.ts';
import type { Via } from './via.ts';

/**
 * The following types are stored entities, without rules. They contain no texts by users, which
 * are stored separately as `UserText`, so that a text can be erased while its entity stays.
 */

export interface StoredReport extends Omit<Report, 'note'> {
  /** The code that the reporter received. */
  readonly code: string;
  /** The reporter's seat. In a call of two, the other seat is the subject's. */
  readonly side: SeatName;
  readonly case: CaseId;
  /** Weight of the report according to its reporter's record alone. */
  readonly weight: number;
  /** Weight that the report added to its subject's score, until a decision finds no violation. */
  readonly added: number;
  /** Whether the reporter was proven at the time of the report. Absent if not. */
  readonly byProven?: true;
  /** The fold of a report that exceeded the budget of its reporter's network. Absent otherwise. */
  readonly fold?: FoldId;
  /** Number of the subject's session in which it was reported. Absent in old reports. */
  readonly session?: number;
  readonly verdict: Verdict;
  /** The report's verdict before the last decision, needed while an undo is possible. */
  readonly verdictBefore: Verdict;
  /** How much of the report counts against its reporter, from 0 to 1. Absent before a verdict. */
  readonly against?: number;
  readonly againstBefore?: number;
  /** How reporter and subject met. Absent until a node has reported the meeting. */
  readonly pair?: ReportedPair;
  /** Time when the reporter asked to erase a text that was still needed. Absent if never. */
  readonly erasureAskedAtMs?: number;
}

/**
 * Verdict of a review on a report. `rejected`: the evidence shows no violation, so the reporter
 * was wrong. `inconclusive`: no evidence supports or contradicts the report. Both remove the
 * report's weight.
 */
export type Verdict = 'waiting' | 'upheld' | 'inconclusive' | 'rejected';

export interface SaidLine {
  readonly side: SeatName;
  readonly counters: readonly [number, number, ...number[]];
  readonly atMs: number;
  readonly text: string;
}

/**
 * A text that is stored encrypted with its own key: the text of a report, a decision's note, an
 * appeal, or a member's authenticator secret.
 */
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
  /** The member who decided, followed by the approver if there was one. */
  readonly deciders: readonly MemberId[];
  readonly atMs: number;
  /** What a dismissal says about its reports. Absent for other measures. */
  readonly finding?: Finding;
  /** Time when the sanctions end. Null if the decision has no sanctions or they have no end. */
  readonly endsAtMs: number | null;
  /** Time when the decision was undone, overturned or replaced. Null while it is in force. */
  readonly reversedAtMs: number | null;
  /** The decision that replaced this one after the case was reopened. Null if there is none. */
  readonly replacedBy: DecisionId | null;
  /** The suspension and sanctions that the decision ended. Undoing the decision restores them. */
  readonly ended: {
    readonly holdUntilMs: number | null;
    readonly sanctions: readonly SanctionId[];
  };
  readonly facts?: DecisionFacts;
  /**
   * The reports of a dismissal that were selected for a second review, and the second member's
   * answer. Absent if none was selected.
   */
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
  /**
   * Proposal that a member may read items and view pictures beyond the limit of the shift. A
   * senior moderator answers it.
   */
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
  /** How the request arrived, if it was made in the member's name outside the console. */
  readonly via?: Via;
};

export interface Person {
  readonly id: SubjectId;
  readonly trust: Trust;
  readonly rejected: number;
  readonly hold: Suspension | null;
  /** Notice of a restriction by software. Absent if software never restricted the user. */
  readonly notice?: Notice;
  /** The latest closure of language exchange. Absent if it was never closed for the user. */
  readonly exchangeClosure?: ExchangeClosure;
  /** The calls and reports that decide whether the user is proven. Absent if none is stored. */
  readonly standing?: Standing;
  /** Networks of the other users in the unreported calls that counted within the last day. */
  readonly cleanNetworks?: readonly CleanNetwork[];
  /** Time when the user asked for an erasure that a case or suspension delayed. Absent if never. */
  readonly erasureAskedAtMs?: number;
}

/** One of the two users of a meeting, with the facts that were known when they met. */
export interface PairSide {
  readonly subject: SubjectId;
  /** Absent in meetings that an earlier version recorded. */
  readonly device?: DeviceKeyId;
  /** Tier and segment of the user's search that led to the meeting. Null if unknown. */
  readonly place: { readonly tier: Tier; readonly circle: Segment } | null;
}

/** A meeting of two users. A call of three has three of them (`pairIdOf`). It is stored for `PAIR_KEPT_MS` as evidence. */
export interface StoredPair {
  readonly id: MatchId;
  readonly atMs: number;
  /** Absent while the call runs, and if a node ended without recording it. */
  readonly endedAtMs?: number;
  readonly sides: readonly [PairSide, PairSide];
  readonly mode: string | null;
  /** Age state that the call required. Both users had at least this state (MO-98). */
  readonly age: string;
  readonly policy: number;
}

/** How reporter and subject met. This copy stays when the record of the meeting is removed. */
export interface ReportedPair extends Omit<StoredPair, 'id' | 'sides' | 'endedAtMs'> {
  readonly reporter: PairSide['place'];
  readonly reported: PairSide['place'];
  /** Mode of the call when it was reported. Absent if unknown. `mode` is the one of its start. */
  readonly reportedIn?: string;
  /** Name of the community in which they met. Absent if they met in the open pool. */
  readonly community?: string;
  /** Roles of both users in the call's mode. Absent or null if unknown. */
  readonly roles?: { readonly reporter: string | null; readonly reported: string | null };
  /** The subject's seat in the call. Absent in a call of two. */
  readonly reportedSide?: SeatName;
}

/**
 * A network that a user came from, stored as a keyed hash. A row with `NO_NETWORK` schedules an
 * erasure, and one with `FIRST_VISIT` has the date of the user's first visit.
 */
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

/** State of the server that isn't audited. */
export interface ServerState {
  /**
   * `date` is the server's date, as `atMs`. `hours` are its average numbers of users per hour.
   * `community-NAME` has the calls and reports of a community by day. `alerts` has an `AlertState`.
   */
  readonly id: 'date' | 'hours' | 'alerts' | `community-${string}`;
  readonly atMs: number;
  readonly value: string;
}
