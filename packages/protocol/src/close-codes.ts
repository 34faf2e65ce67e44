/**
 * What a client should do after a close:
 * - `resume`: open a new socket with full jitter and resume the session;
 * - `restart`: the session is gone; get a ticket and start a new one;
 * - `wait`: as `restart`, after a pause, since the node asks for calm;
 * - `stop`: say why, and do nothing until the person asks.
 */
export type AfterClose = 'resume' | 'restart' | 'wait' | 'stop';

interface CloseKind {
  readonly code: number;
  readonly after: AfterClose;
}

/**
 * Every way in which a node closes a socket. The key travels as the close reason, so that a
 * client reads the word and not the number.
 */
export const CLOSES = {
  /** The client asked to leave. */
  goodbye: { code: 1000, after: 'stop' },
  /** The node stops; calls went on until the drain's deadline. */
  'server-moving': { code: 1012, after: 'restart' },
  /** Not a frame of this protocol. */
  malformed: { code: 4400, after: 'stop' },
  /** The session ticket is unknown, used, too old, or another cookie's. */
  'ticket-refused': { code: 4401, after: 'restart' },
  /** The device key's answer to the challenge does not verify. */
  'device-refused': { code: 4402, after: 'stop' },
  /** A message that this state of the session does not allow. */
  'out-of-order': { code: 4403, after: 'restart' },
  /** The client is older or newer than the node: the page must be loaded again. */
  'version-unsupported': { code: 4406, after: 'stop' },
  /** No valid hello in time. */
  'hello-timeout': { code: 4408, after: 'restart' },
  /** The same person opened Farandole in another tab; that one goes on. */
  replaced: { code: 4409, after: 'stop' },
  /** Another socket of the same session took over. */
  superseded: { code: 4410, after: 'stop' },
  /** A frame or a queue beyond its limit. */
  'too-large': { code: 4413, after: 'stop' },
  /** More messages of a kind than its credits allow, persistently. */
  'too-fast': { code: 4429, after: 'wait' },
  /** The client does not read, or does not acknowledge, what it is sent. */
  'slow-consumer': { code: 4430, after: 'resume' },
  /** Nothing was heard from the client for too long. */
  silent: { code: 4431, after: 'resume' },
  /** Too many connections from one network, or in all. */
  'too-many': { code: 4432, after: 'wait' },
  /** The session named in a resume is not there any more. */
  'session-reset': { code: 4440, after: 'restart' },
  /** This person may not use this server (moderation). */
  sanctioned: { code: 4451, after: 'stop' },
  /** A fault of ours. */
  'internal-error': { code: 4500, after: 'wait' },
} as const satisfies Record<string, CloseKind>;

/** The closed set of reasons. */
export type CloseReason = keyof typeof CLOSES;

/** The reason that a close frame carries, or null for one that is not ours. */
export function closeReasonOf(reason: string): CloseReason | null {
  return Object.hasOwn(CLOSES, reason) ? (reason as CloseReason) : null;
}
