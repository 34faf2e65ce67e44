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
  /** A member, `subject` for a user, `operator` for the command line. */
  readonly by: MemberId | 'software' | 'subject' | 'operator';
  readonly action: string;
  readonly about: string;
  readonly atMs: number;
  /** Names and numbers only; never user text. */
  readonly details: Readonly<Record<string, string | number | null>>;
}

interface Secret {
  readonly note: string | null;
  readonly lines: readonly never[];
}

/** Authenticator secrets, each encrypted with a separate key. */
interface Secrets {
  put(owner: 'authenticator', id: string, secret: Secret, keepUntilMs: number): Promise<void>;
  get(owner: 'authenticator', id: string): Promise<{ readonly note: string | null } | null>;
  destroyKey(owner: 'authenticator', id: string): Promise<void>;
}

/** Account data within one transaction. */
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

/** Appends an action and its time to the audit. */
export async function appendAudit(
  { audit }: Pick<AccountRecords, 'audit'>,
  { by, nowMs }: { readonly by: AuditEntry['by']; readonly nowMs: number },
  action: string,
  about: string,
  details: AuditEntry['details'] = {},
): Promise<void> {
  await audit.append({ by, action, about, atMs: nowMs, details });
}
