import type { Collection } from '@farandole/kernel/collection';
import type {
  ChallengeId,
  ConsoleSessionId,
  MemberId,
  PasskeyId,
  SignInLinkId,
  TriedName,
} from './ids.ts';
import type { Member } from './member.ts';
import type {
  Attempts,
  ConsoleSession,
  Passkey,
  PasswordLogin,
  SignInLink,
  SpentChallenge,
} from './sign-in.ts';

export interface AuditEntry {
  /** Who did it: a member, `subject` for a participant, `operator` for the command line. */
  readonly by: MemberId | 'software' | 'subject' | 'operator';
  readonly action: string;
  /** The id of what it was done to. */
  readonly about: string;
  readonly atMs: number;
  /** Further facts as names and numbers; never user text. */
  readonly details: Readonly<Record<string, string | number | null>>;
}

interface Secret {
  readonly note: string | null;
  readonly lines: readonly never[];
}

/** Secrets of members' authenticators, each encrypted with a key of its own. */
interface Secrets {
  put(owner: 'authenticator', id: string, secret: Secret, keepUntilMs: number): Promise<void>;
  get(owner: 'authenticator', id: string): Promise<{ readonly note: string | null } | null>;
  shred(owner: 'authenticator', id: string): Promise<void>;
}

/** What is stored of accounts, as one transaction sees it. */
export interface AccountRecords {
  readonly members: Collection<MemberId, Member, { id: MemberId; atMs: number }>;
  readonly passkeys: Collection<PasskeyId, Passkey, { member: MemberId }>;
  readonly passwords: Collection<MemberId, PasswordLogin, { atMs: number }>;
  /** `atMs`: when the member signed in. */
  readonly consoleSessions: Collection<
    ConsoleSessionId,
    ConsoleSession,
    { member: MemberId; atMs: number; seenAtMs: number }
  >;
  readonly signInLinks: Collection<
    SignInLinkId,
    SignInLink,
    { of: SignInLink['of']; atMs: number }
  >;
  readonly attempts: Collection<TriedName, Attempts, { atMs: number }>;
  readonly spentChallenges: Collection<ChallengeId, SpentChallenge, { atMs: number }>;
  readonly words: Secrets;
  readonly audit: { append(entry: AuditEntry): Promise<void> };
}
