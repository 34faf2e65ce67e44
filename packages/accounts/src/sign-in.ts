import type {
  ChallengeId,
  ConsoleSessionId,
  MemberId,
  PasskeyId,
  SignInLinkId,
  TriedName,
} from './ids.ts';
import {
  ATTEMPT_WAIT_MS_MAX,
  ATTEMPTS_FREE,
  FRESH_SIGN_IN_MS,
  SESSION_IDLE_MS,
  SESSION_MS_MAX,
  SIGN_IN_LINK_MS,
} from './limits.ts';

/**
 * A reader of the database can't sign in with this data, because tokens and codes are stored as
 * digests, passkeys as public keys, and authenticator secrets encrypted.
 */

export interface Passkey {
  readonly id: PasskeyId;
  readonly member: MemberId;
  /** COSE public key in base64url. */
  readonly publicKey: string;
  /** How often the authenticator was used, by its own count. 0 if it keeps no count. */
  readonly counter: number;
  readonly transports: readonly string[];
  readonly label: string;
  readonly atMs: number;
  readonly usedAtMs: number | null;
}

/** A member's password and second factor, stored under the member's id. */
export interface PasswordLogin {
  readonly id: MemberId;
  /** Password hash, encoded with its salt and cost parameters. */
  readonly hash: string;
  /**
   * TOTP time step of the last accepted code (RFC 6238). Codes of this or an earlier step are
   * refused.
   */
  readonly lastStep: number;
  /** Digests of the unused recovery codes. */
  readonly recoveryCodes: readonly string[];
  readonly atMs: number;
}

export type SignInMethod = 'passkey' | 'password' | 'recovery-code' | 'link';

export interface ConsoleSession {
  readonly id: ConsoleSessionId;
  readonly member: MemberId;
  readonly way: SignInMethod;
  readonly atMs: number;
  readonly seenAtMs: number;
}

/** A single-use link with which its recipient chooses credentials and signs in. */
export interface SignInLink {
  readonly id: SignInLinkId;
  /**
   * The member that the link signs in. `owner` means the first member of a server that has no
   * members yet.
   */
  readonly of: 'owner' | MemberId;
  /** The member who created the link, or null if the command line did. */
  readonly by: MemberId | null;
  readonly atMs: number;
}

/** Failed sign-in attempts for one name since the last success. */
export interface Attempts {
  readonly id: TriedName;
  readonly count: number;
  readonly atMs: number;
}

/** An answered sign-in challenge, stored so that it can't be answered again. */
export interface SpentChallenge {
  readonly id: ChallengeId;
  readonly atMs: number;
}

export function isLive(session: ConsoleSession, nowMs: number): boolean {
  return nowMs < session.atMs + SESSION_MS_MAX && nowMs < session.seenAtMs + SESSION_IDLE_MS;
}

export function isFresh(session: ConsoleSession, nowMs: number): boolean {
  return nowMs < session.atMs + FRESH_SIGN_IN_MS;
}

export function isUsable(link: SignInLink, nowMs: number): boolean {
  return nowMs < link.atMs + SIGN_IN_LINK_MS;
}

/** Returns the delay in ms after the given number of failed sign-in attempts. */
export function waitAfter(count: number): number {
  if (count < ATTEMPTS_FREE) return 0;
  return Math.min(ATTEMPT_WAIT_MS_MAX, 1_000 * 2 ** Math.min(count - ATTEMPTS_FREE, 30));
}

export function waitLeft(attempts: Pick<Attempts, 'count' | 'atMs'>, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - attempts.atMs);
  return Math.max(0, waitAfter(attempts.count) - elapsedMs);
}

/** Normalizes case, width and outer spaces, so that two spellings of a member's name are equal. */
export function nameKeyOf(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}
