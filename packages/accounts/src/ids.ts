import type { Branded } from '@farandole/kernel/id';

export type MemberId = Branded<'MemberId'>;
export type PasskeyId = Branded<'PasskeyId'>;
/** Digest of the session token in the browser of a signed-in member. */
export type ConsoleSessionId = Branded<'ConsoleSessionId'>;
/** Digest of the token in a single-use sign-in link. */
export type SignInLinkId = Branded<'SignInLinkId'>;
/** Keyed digest of a name that was entered at sign-in, whether or not a member has that name. */
export type TriedName = Branded<'TriedName'>;
export type ChallengeId = Branded<'ChallengeId'>;
