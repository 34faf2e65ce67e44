import type { Branded } from '@farandole/kernel/id';

export type MemberId = Branded<'MemberId'>;
export type PasskeyId = Branded<'PasskeyId'>;
/** Digest of the session token in a member's browser. */
export type ConsoleSessionId = Branded<'ConsoleSessionId'>;
/** Digest of the token in a single-use sign-in link. */
export type SignInLinkId = Branded<'SignInLinkId'>;
/** Keyed digest of a name tried at sign-in, whether or not a member has it. */
export type TriedName = Branded<'TriedName'>;
export type ChallengeId = Branded<'ChallengeId'>;
