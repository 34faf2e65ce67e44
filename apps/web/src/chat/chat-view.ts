import type { PrivateDetail } from './private-details.ts';

export type LineRefusal = 'empty' | 'too-long' | 'bad-characters' | 'too-fast' | 'call-over';

/** Why the draft stays in the box. `queue-full`: too many lines are waiting. */
export type DraftFault =
  | Extract<LineRefusal, 'empty' | 'too-long' | 'bad-characters'>
  | 'queue-full';

export interface LineView {
  /** Unique in the log and stable from `pending` to `sent`. A key for the list. */
  readonly key: string;
  readonly id: string;
  readonly from: 'you' | 'peer';
  readonly text: string;
  /** Server time; null until accepted. */
  readonly atMs: number | null;
  readonly sinceStartMs: number | null;
  /** `waiting`: kept until the link is back. */
  readonly state: 'sent' | 'pending' | 'waiting' | 'refused';
  readonly refusal: LineRefusal | null;
}

export interface ChatView {
  readonly lines: readonly LineView[];
  readonly draft: string;
  readonly draftFault: DraftFault | null;
  /** Why the draft was held back once. The next `sendLine` sends it; an edit clears this. */
  readonly caution: PrivateDetail | null;
  /** UTF-16 code units left of `LINE_CHARS_MAX`; negative when too long. */
  readonly draftRemaining: number;
  readonly peerTyping: boolean;
  /** Minutes since the peer was last active; 0 below the threshold. */
  readonly peerQuietMinutes: number;
  readonly unread: number;
  readonly open: boolean;
}
