import type { Branded } from '@farandole/kernel/id';

/** A moderator or operator of this server; never a participant. */
export type MemberId = Branded<'MemberId'>;
/** A WebAuthn credential id, as its authenticator made it. */
export type PasskeyId = Branded<'PasskeyId'>;
/** Digest of the session token in a member's browser. */
export type ConsoleSessionId = Branded<'ConsoleSessionId'>;
/** Digest of the token in a single-use sign-in link. */
export type SignInLinkId = Branded<'SignInLinkId'>;
/** Keyed digest of a name that was tried at sign-in, whether a member has it or not. */
export type TriedName = Branded<'TriedName'>;
/** Digest of a challenge that a passkey has answered. */
export type ChallengeId = Branded<'ChallengeId'>;
