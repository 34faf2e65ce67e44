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
 * How members sign in. Nothing here lets anybody in who reads it: of tokens and codes there are
 * digests, of a passkey its public half, and the secret of an authenticator is kept as words are.
 */

/** A passkey of a member. */
export interface Passkey {
  readonly id: PasskeyId;
  readonly member: MemberId;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** How often it was used, as its authenticator counts; 0 for one that does not count. */
  readonly counter: number;
  /** How browsers reach it, as they said. */
  readonly transports: readonly string[];
  /** What its owner calls it. */
  readonly label: string;
  readonly atMs: number;
  readonly usedAtMs: number | null;
}

/** A member's password with what goes with it; its id is the member's. */
export interface PasswordLogin {
  readonly id: MemberId;
  /** The hash with its salt and its costs, as whoever made it writes it. */
  readonly hash: string;
  /** The time step of the last code that was taken (RFC 6238); none at or before it is taken again. */
  readonly lastStep: number;
  /** Digests of the codes of one use that are left. */
  readonly recoveryCodes: readonly string[];
  readonly atMs: number;
}

export type SignInWay = 'passkey' | 'password' | 'recovery-code' | 'link';

/** Somebody who is signed in, in one browser. */
export interface ConsoleSession {
  readonly id: ConsoleSessionId;
  readonly member: MemberId;
  readonly way: SignInWay;
  /** When they signed in. */
  readonly atMs: number;
  readonly seenAtMs: number;
}

/** Lets somebody in once, to say who they are from then on. */
export interface SignInLink {
  readonly id: SignInLinkId;
  /** The first member of a server that has none, or the one that it was made for. */
  readonly of: 'owner' | MemberId;
  /** Who made it; null for somebody at the machine itself. */
  readonly by: MemberId | null;
  readonly atMs: number;
}

/** Attempts at a name since the last one that was right. */
export interface Attempts {
  readonly id: TriedName;
  readonly count: number;
  /** Of the last one. */
  readonly atMs: number;
}

/** A challenge that was answered, and is not to be answered again. */
export interface SpentChallenge {
  readonly id: ChallengeId;
  readonly atMs: number;
}

export function isLive(session: ConsoleSession, nowMs: number): boolean {
  return nowMs < session.atMs + SESSION_MS_MAX && nowMs < session.seenAtMs + SESSION_IDLE_MS;
}

/** Whether somebody signed in so lately that they may change how they sign in. */
export function isFresh(session: ConsoleSession, nowMs: number): boolean {
  return nowMs < session.atMs + FRESH_SIGN_IN_MS;
}

export function isUsable(link: SignInLink, nowMs: number): boolean {
  return nowMs < link.atMs + SIGN_IN_LINK_MS;
}

/** How long after the last of so many attempts the next one is heard. */
export function waitAfter(count: number): number {
  if (count < ATTEMPTS_FREE) return 0;
  return Math.min(ATTEMPT_WAIT_MS_MAX, 1_000 * 2 ** Math.min(count - ATTEMPTS_FREE, 30));
}

/** What is left of that wait. */
export function waitLeft(attempts: Pick<Attempts, 'count' | 'atMs'>, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - attempts.atMs);
  return Math.max(0, waitAfter(attempts.count) - elapsedMs);
}

/** Names that read alike are one name to whoever signs in. */
export function nameKeyOf(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}
