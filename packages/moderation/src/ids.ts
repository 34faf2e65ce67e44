import { type Branded, brandId } from '@farandole/kernel/id';

/** Everything that is reported of one subject, until somebody has decided. */
export type CaseId = Branded<'CaseId'>;
export type ReportId = Branded<'ReportId'>;
/** One picture that came with a report. */
export type PictureId = Branded<'PictureId'>;
/** The key of one picture as one role has it. */
export type PictureKeyId = Branded<'PictureKeyId'>;
export type DecisionId = Branded<'DecisionId'>;
export type SanctionId = Branded<'SanctionId'>;
export type StrikeId = Branded<'StrikeId'>;
export type AppealId = Branded<'AppealId'>;
export type ApprovalId = Branded<'ApprovalId'>;
/** A keyed hash of a network prefix, or of an account: nobody can read back what it was. */
export type AnchorHash = Branded<'AnchorHash'>;
/** Stands in the place of a network once its sanction is over. No hash is empty. */
export const NO_NETWORK = brandId<AnchorHash>('');
