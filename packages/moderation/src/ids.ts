import type { Branded } from '@farandole/kernel/id';

/** Everything that is reported of one subject, until somebody has decided. */
export type CaseId = Branded<'CaseId'>;
export type ReportId = Branded<'ReportId'>;
export type DecisionId = Branded<'DecisionId'>;
export type SanctionId = Branded<'SanctionId'>;
export type StrikeId = Branded<'StrikeId'>;
export type AppealId = Branded<'AppealId'>;
export type ApprovalId = Branded<'ApprovalId'>;
/** Somebody who moderates or runs this server; never a participant. */
export type MemberId = Branded<'MemberId'>;
/** A keyed hash of a network prefix, or of an account: nobody can read back what it was. */
export type AnchorHash = Branded<'AnchorHash'>;
