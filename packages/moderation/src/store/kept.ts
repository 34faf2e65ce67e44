import type { MemberId } from '@farandole/accounts/ids';
import type { Role } from '@farandole/accounts/roles';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { DecisionFacts } from '../appeals/statement.ts';
import type { Approval } from '../cases/approval.ts';
import type { Measure } from '../cases/decision.ts';
import type { Hold } from '../cases/hold.ts';
import type { Report } from '../cases/intake.ts';
import type { AnchorHash, CaseId, DecisionId, PictureId, ReportId, SanctionId } from '../ids.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { SanctionScope } from '../sanctions/sanction.ts';
import type { Circle, Tier, Trust } from '../trust/trust.ts';
import type { Via } from './via.ts';

/**
 * What is kept, beyond the things whose rules stand in their own files. Nothing that anybody wrote is
 * in it: words are kept apart (`Words`), so that they can go while the rest stays.
 */

export interface KeptReport extends Omit<Report, 'note'> {
  /** What the reporter was given, to ask after it. */
  readonly code: string;
  /** The reporter's side of the call; the lines of the other side are of whoever is reported. */
  readonly side: 'a' | 'b';
  readonly case: CaseId;
  /** What it weighs alone. */
  readonly weight: number;
  /** What it added to the score of whoever is reported; taken back when it is rejected. */
  readonly added: number;
  /**
   * Which session of whoever is reported it was, as their trust counts them; left out of reports of before this
   * was kept.
   */
  readonly session?: number;
  readonly verdict: Verdict;
  /** What it was before the last decision, for as long as that can be undone. */
  readonly verdictBefore: Verdict;
  /** How the two were brought together; left out until the ledger has told. */
  readonly pair?: ReportedPair;
  /** When whoever made it asked that their words go, while others still needed them; else left out. */
  readonly erasureAskedAtMs?: number;
}

/**
 * What people made of a report. `rejected`: what it showed is no breach, and whoever made it was wrong;
 * `inconclusive`: it showed nothing either way, and costs nobody.
 */
export type Verdict = 'waiting' | 'upheld' | 'inconclusive' | 'rejected';

/** One line of a chat, as it was tagged. */
export interface SaidLine {
  readonly side: 'a' | 'b';
  readonly counters: readonly [number, number, ...number[]];
  readonly atMs: number;
  readonly text: string;
}

/**
 * What somebody wrote: a report's note and lines, a decision's note, an appeal's text, of either kind. The secret of
 * a member's authenticator is kept in the same way.
 */
export interface Words {
  readonly note: string | null;
  readonly lines: readonly SaidLine[];
}

export type WordsOwner = 'report' | 'decision' | 'appeal' | 'authenticator';

export interface Decision {
  readonly id: DecisionId;
  readonly case: CaseId;
  readonly subject: SubjectId;
  readonly measure: Measure;
  readonly reason: ReportReason;
  /** Whoever decided, and whoever approved. */
  readonly deciders: readonly MemberId[];
  readonly atMs: number;
  /** When its sanctions end; null where they have no end, or there is none. */
  readonly endsAtMs: number | null;
  /** When it was undone, overturned or replaced; null while it stands. */
  readonly reversedAtMs: number | null;
  /** The decision that took its place after the case was opened again. */
  readonly replacedBy: DecisionId | null;
  /** What it ended, which comes back when it is undone. */
  readonly ended: {
    /** Until when software would have kept the subject out. */
    readonly holdUntilMs: number | null;
    /** Those of the decision whose place it took. */
    readonly sanctions: readonly SanctionId[];
  };
  /** What it was made by; left out of decisions of before this was kept. */
  readonly facts?: DecisionFacts;
  /** Of a dismissal: the reports whose words wait for another's look, and what came of it; mostly left out. */
  readonly sample?: {
    readonly reports: readonly ReportId[];
    readonly answer: {
      readonly by: MemberId;
      readonly atMs: number;
      readonly agrees: boolean;
    } | null;
  };
}

/** What each kind of proposal asks a second person for. */
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
  /** One look at a picture that may be of a minor. */
  readonly unsealing: { readonly case: CaseId; readonly picture: PictureId };
  /** Shredding the evidence of a case that may be of a minor. */
  readonly deletion: { readonly case: CaseId };
}

export type ProposalKind = keyof ProposalFields;

export type Proposal<Kind extends ProposalKind = ProposalKind> = {
  [Of in Kind]: { readonly of: Of } & ProposalFields[Of];
}[Kind];

export type NetworkScope = Extract<SanctionScope, { scope: 'prefix' }>;

export type KeptApproval = Approval & {
  readonly proposal: Proposal;
  /** By what it was asked for in the member's name; left out of what they asked in the console. */
  readonly via?: Via;
};

/** What is known of a participant. */
export interface Person {
  readonly id: SubjectId;
  readonly trust: Trust;
  /** Reports of theirs that people found to be wrong. */
  readonly rejected: number;
  readonly hold: Hold | null;
  /** When they asked that all of this goes, while a case of theirs or a hold still needed it; else left out. */
  readonly erasureAskedAtMs?: number;
}

/** One side of a pair, as it was known when the two were brought together. */
export interface PairSide {
  readonly subject: SubjectId;
  /** In the search that led to it; null where that is not known any more. */
  readonly place: { readonly tier: Tier; readonly circle: Circle } | null;
}

/** That two people were brought together, and by what: for a time, so that it can be shown who met whom. */
export interface KeptPair {
  readonly id: MatchId;
  readonly atMs: number;
  readonly sides: readonly [PairSide, PairSide];
  /** Null where it is not known any more. */
  readonly mode: string | null;
  /** What this server asked of the age of both, and so what was known of each: there is no more to know (MO-98). */
  readonly age: string;
  /** The version of the rules that both had agreed to. */
  readonly policy: number;
}

/** How whoever reported was brought together with whom they report: what the ledger has of it, for longer. */
export interface ReportedPair extends Omit<KeptPair, 'id' | 'sides'> {
  readonly reporter: PairSide['place'];
  readonly reported: PairSide['place'];
}

/** That somebody came from a network, which is known by its keyed hash alone. */
export interface Anchor {
  readonly id: string;
  readonly subject: SubjectId;
  readonly network: AnchorHash;
  readonly family: 'v4' | 'v6';
  readonly bits: number;
  /** The last time, to some hours. */
  readonly atMs: number;
}

/** How often something happened within an hour, which `atMs` begins. */
export interface Tally {
  readonly id: string;
  readonly atMs: number;
  readonly count: number;
}

/** What the operator has set while the server ran, by its name. */
export interface KeptSetting {
  readonly id: string;
  readonly value: string;
  readonly atMs: number;
}
