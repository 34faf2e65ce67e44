/**
 * What a client should do after a node closed the socket:
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

/**
 * Every reason for which a node closes a socket, with its close code. The close frame contains
 * the reason's key.
 */
export const CLOSES = {
  goodbye: { code: 1000, after: 'stop' },
  /** The node is stopping. Calls have continued until the drain deadline. */
  'server-moving': { code: 1012, after: 'restart' },
  malformed: { code: 4400, after: 'stop' },
  /** The session ticket is unknown, used or expired, or belongs to another cookie. */
  'ticket-refused': { code: 4401, after: 'restart' },
  /** The device key's signature of the challenge is invalid. */
  'device-refused': { code: 4402, after: 'stop' },
  /** The state of the session doesn't allow the received message. */
  'out-of-order': { code: 4403, after: 'restart' },
  /** The client's protocol version is incompatible with the node, so the page must be reloaded. */
  'version-unsupported': { code: 4406, after: 'stop' },
  'hello-timeout': { code: 4408, after: 'restart' },
  /** The user opened Farandole in another tab, and the session continues there. */
  replaced: { code: 4409, after: 'stop' },
  superseded: { code: 4410, after: 'stop' },
  'too-large': { code: 4413, after: 'stop' },
  /** The client kept sending more messages of one kind than its rate limit allows. */
  'too-fast': { code: 4429, after: 'wait' },
  /** The client doesn't read the node's frames, or doesn't acknowledge them. */
  'slow-consumer': { code: 4430, after: 'resume' },
  /** The client stopped answering, or sent no hello while the node had too many such sockets. */
  silent: { code: 4431, after: 'resume' },
  /** Another node has the session, or this node can't reach it now. */
  'other-node': { code: 4433, after: 'resume' },
  /** The node has too many connections from one network or in total. */
  'too-many': { code: 4432, after: 'wait' },
  /** The session that the client wants to resume no longer exists. */
  'session-reset': { code: 4440, after: 'restart' },
  /** The user is banned from this server. */
  sanctioned: { code: 4451, after: 'stop' },
  'internal-error': { code: 4500, after: 'wait' },
} as const satisfies Record<string, CloseKind>;

export type CloseReason = keyof typeof CLOSES;

export function closeReasonOf(reason: string): CloseReason | null {
  return Object.hasOwn(CLOSES, reason) ? (reason as CloseReason) : null;
}
