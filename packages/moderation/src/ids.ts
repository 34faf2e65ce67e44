import type { Branded } from '@farandole/kernel/id';

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
/** Somebody who moderates or runs this server; never a participant. */
export type MemberId = Branded<'MemberId'>;
/** A keyed hash of a network prefix, or of an account: nobody can read back what it was. */
export type AnchorHash = Branded<'AnchorHash'>;
/** A credential of WebAuthn, by the name that its authenticator gave it. */
export type PasskeyId = Branded<'PasskeyId'>;
/** The digest of the token by which a member’s browser shows that somebody signed in there. */
export type ConsoleSessionId = Branded<'ConsoleSessionId'>;
/** The digest of the token in a link that lets somebody in once. */
export type SignInLinkId = Branded<'SignInLinkId'>;
/** A keyed digest of a name that somebody tried to sign in by, whether anybody has it or not. */
export type TriedName = Branded<'TriedName'>;
/** The digest of a challenge that a passkey has answered. */
export type ChallengeId = Branded<'ChallengeId'>;
