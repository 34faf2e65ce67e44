import { type Branded, brandId } from '@farandole/kernel/id';

export type CaseId = Branded<'CaseId'>;
export type ReportId = Branded<'ReportId'>;
export type PictureId = Branded<'PictureId'>;
export type PictureKeyId = Branded<'PictureKeyId'>;
export type DecisionId = Branded<'DecisionId'>;
export type SanctionId = Branded<'SanctionId'>;
export type StrikeId = Branded<'StrikeId'>;
export type AppealId = Branded<'AppealId'>;
export type ApprovalId = Branded<'ApprovalId'>;
/** A keyed hash of a network prefix or account; can't be reversed. */
export type AnchorHash = Branded<'AnchorHash'>;
/** The empty string, which replaces the network's hash of an ended sanction. */
export const NO_NETWORK = brandId<AnchorHash>('');
