import type { PrivateDetail } from './private-details.ts';

export type LineRefusal = 'empty' | 'too-long' | 'bad-characters' | 'too-fast' | 'call-over';

/** Why the draft wasn't sent. `queue-full`: too many lines are waiting. */
export type DraftFault =
  | Extract<LineRefusal, 'empty' | 'too-long' | 'bad-characters'>
  | 'queue-full';

export interface LineView {
  /** A key for lists. It is unique in the log and doesn't change from `pending` to `sent`. */
  readonly key: string;
  readonly id: string;
  readonly from: 'you' | 'peer';
  readonly text: string;
  /** Time by the server's clock; `null` until the server accepted the line. */
  readonly atMs: number | null;
  readonly sinceStartMs: number | null;
  /** `waiting`: the line is sent when the session is back. */
  readonly state: 'sent' | 'pending' | 'waiting' | 'refused';
  readonly refusal: LineRefusal | null;
}

export interface ChatView {
  readonly lines: readonly LineView[];
  readonly draft: string;
  readonly draftFault: DraftFault | null;
  /**
   * The private detail in the draft about which the page asked. The next `sendLine` sends the
   * draft. An edit resets this to null.
   */
  readonly caution: PrivateDetail | null;
  /** Remaining length of the draft in UTF-16 code units; negative above `LINE_CHARS_MAX`. */
  readonly draftRemaining: number;
  readonly peerTyping: boolean;
  /** Minutes since the peer was last active; 0 below `QUIET_FROM_MINUTES`. */
  readonly peerQuietMinutes: number;
  readonly unread: number;
  readonly open: boolean;
}
