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
  /**
   * Author of the action: a member, the server's software, a user (`subject`) or the command
   * line (`operator`).
   */
  readonly by: MemberId | 'software' | 'subject' | 'operator';
  readonly action: string;
  readonly about: string;
  readonly atMs: number;
  /** Contains names and numbers, but never user text. */
  readonly details: Readonly<Record<string, string | number | null>>;
}

interface Secret {
  readonly note: string | null;
  readonly lines: readonly never[];
}

/** Stores authenticator secrets, each encrypted under its own key. */
interface Secrets {
  put(owner: 'authenticator', id: string, secret: Secret, keepUntilMs: number): Promise<void>;
  get(owner: 'authenticator', id: string): Promise<{ readonly note: string | null } | null>;
  destroyKey(owner: 'authenticator', id: string): Promise<void>;
}

/** Access to account data within one transaction. */
export interface AccountRecords {
  readonly members: Collection<MemberId, Member, { id: MemberId; atMs: number }>;
  readonly passkeys: Collection<PasskeyId, Passkey, { member: MemberId }>;
  readonly passwords: Collection<MemberId, PasswordLogin, { atMs: number }>;
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

export async function appendAudit(
  { audit }: Pick<AccountRecords, 'audit'>,
  { by, nowMs }: { readonly by: AuditEntry['by']; readonly nowMs: number },
  action: string,
  about: string,
  details: AuditEntry['details'] = {},
): Promise<void> {
  await audit.append({ by, action, about, atMs: nowMs, details });
}
