import type { PrivateDetail } from './private-details.ts';

export type LineRefusal = 'empty' | 'too-long' | 'bad-characters' | 'too-fast' | 'call-over';

/** Why the draft was not sent: it stays in the box. `queue-full`: too many wait already. */
export type DraftFault =
  | Extract<LineRefusal, 'empty' | 'too-long' | 'bad-characters'>
  | 'queue-full';

export interface LineView {
  /** Unique in the log, and the same from `pending` to `sent`: a key for the list. */
  readonly key: string;
  readonly id: string;
  readonly from: 'you' | 'peer';
  readonly text: string;
  /** The server's time, or null until it is accepted. */
  readonly atMs: number | null;
  /** How far into the conversation, by the same clock. */
  readonly sinceStartMs: number | null;
  /** `waiting`: kept until the link is back. */
  readonly state: 'sent' | 'pending' | 'waiting' | 'refused';
  readonly refusal: LineRefusal | null;
}

export interface ChatView {
  /** In the order of the conversation; one's own unaccepted lines last. */
  readonly lines: readonly LineView[];
  readonly draft: string;
  readonly draftFault: DraftFault | null;
  /** Why the draft was held back once: the next `sendLine` sends it, an edit takes it back. */
  readonly caution: PrivateDetail | null;
  /** Code units left of `LINE_CHARS_MAX`; negative when too long. */
  readonly draftRemaining: number;
  readonly peerTyping: boolean;
  /** For how many minutes nothing was heard of the other person; 0 while that is no news. */
  readonly peerQuietMinutes: number;
  readonly unread: number;
  /** False after the call. */
  readonly open: boolean;
}
