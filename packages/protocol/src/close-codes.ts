/**
 * What a client should do after a close:
 * - `resume`: open a new socket with full jitter and resume the session;
 * - `restart`: the session is gone; get a ticket and start a new one;
 * - `wait`: as `restart`, after a pause, because the node is overloaded;
 * - `stop`: show the reason and wait for the user.
 */
export type AfterClose = 'resume' | 'restart' | 'wait' | 'stop';

interface CloseKind {
  readonly code: number;
  readonly after: AfterClose;
}

/** All reasons for which a node closes a socket. The key is sent as the close reason. */
export const CLOSES = {
  goodbye: { code: 1000, after: 'stop' },
  /** The node is stopping; calls continued until the drain deadline. */
  'server-moving': { code: 1012, after: 'restart' },
  malformed: { code: 4400, after: 'stop' },
  /** The session ticket is unknown, used, expired or belongs to another cookie. */
  'ticket-refused': { code: 4401, after: 'restart' },
  /** The signature of the challenge is invalid. */
  'device-refused': { code: 4402, after: 'stop' },
  /** The session's state doesn't allow this message. */
  'out-of-order': { code: 4403, after: 'restart' },
  /** Client and node versions are incompatible: reload the page. */
  'version-unsupported': { code: 4406, after: 'stop' },
  'hello-timeout': { code: 4408, after: 'restart' },
  /** The user opened Farandole in another tab, which continues. */
  replaced: { code: 4409, after: 'stop' },
  superseded: { code: 4410, after: 'stop' },
  'too-large': { code: 4413, after: 'stop' },
  /** The client kept sending more messages of a kind than its credits allow. */
  'too-fast': { code: 4429, after: 'wait' },
  /** The client doesn't read or acknowledge frames. */
  'slow-consumer': { code: 4430, after: 'resume' },
  silent: { code: 4431, after: 'resume' },
  /** Too many connections from one network or in total. */
  'too-many': { code: 4432, after: 'wait' },
  /** The session to resume no longer exists. */
  'session-reset': { code: 4440, after: 'restart' },
  /** The user is banned from this server. */
  sanctioned: { code: 4451, after: 'stop' },
  'internal-error': { code: 4500, after: 'wait' },
} as const satisfies Record<string, CloseKind>;

export type CloseReason = keyof typeof CLOSES;

export function closeReasonOf(reason: string): CloseReason | null {
  return Object.hasOwn(CLOSES, reason) ? (reason as CloseReason) : null;
}
