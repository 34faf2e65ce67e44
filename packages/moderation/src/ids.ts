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
/** Keyed hash of a network prefix or account. It can't be reversed. */
export type AnchorHash = Branded<'AnchorHash'>;
/** Keyed hash of a device key. It can't be reversed. */
export type DeviceHash = Branded<'DeviceHash'>;
/** Id of a fold: cases of one network that the queue shows as one row. It hides the network. */
export type FoldId = Branded<'FoldId'>;
/** Keyed hash of a browser's address at a push service. It can't be reversed. */
export type PushId = Branded<'PushId'>;
/** The empty string. It replaces the network's hash once a network sanction has ended. */
export const NO_NETWORK = brandId<AnchorHash>('');
/** No network's hash. It marks the row with a user's first visit, whose network isn't stored. */
export const FIRST_VISIT = brandId<AnchorHash>('first');
