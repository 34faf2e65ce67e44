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
 * Stored sign-in data is useless to a reader of the database: tokens and codes are digests,
 * passkeys are public keys, authenticator secrets are encrypted.
 */

export interface Passkey {
  readonly id: PasskeyId;
  readonly member: MemberId;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** The authenticator's use count; 0 if it doesn't count. */
  readonly counter: number;
  readonly transports: readonly string[];
  readonly label: string;
  readonly atMs: number;
  readonly usedAtMs: number | null;
}

/** Id is the member's. */
export interface PasswordLogin {
  readonly id: MemberId;
  /** Encoded with salt and cost parameters. */
  readonly hash: string;
  /** Time step of the last accepted code (RFC 6238); codes of this step or earlier are refused. */
  readonly lastStep: number;
  /** Digests of unused codes. */
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

/** A single-use link that lets its owner choose credentials. */
export interface SignInLink {
  readonly id: SignInLinkId;
  /** `owner`: the first member of a server without members. */
  readonly of: 'owner' | MemberId;
  /** Null for the command line. */
  readonly by: MemberId | null;
  readonly atMs: number;
}

/** Failed attempts per name since the last successful one. */
export interface Attempts {
  readonly id: TriedName;
  readonly count: number;
  readonly atMs: number;
}

/** An answered challenge, stored to prevent replay. */
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

/** Wait after the given number of failed attempts, in ms. */
export function waitAfter(count: number): number {
  if (count < ATTEMPTS_FREE) return 0;
  return Math.min(ATTEMPT_WAIT_MS_MAX, 1_000 * 2 ** Math.min(count - ATTEMPTS_FREE, 30));
}

export function waitLeft(attempts: Pick<Attempts, 'count' | 'atMs'>, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - attempts.atMs);
  return Math.max(0, waitAfter(attempts.count) - elapsedMs);
}

/** Normalizes a name so that look-alike spellings are one name. */
export function nameKeyOf(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}
