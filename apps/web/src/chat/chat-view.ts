import type { Seat } from '@farandole/protocol/fields';
import type { PrivateDetail } from '@farandole/protocol/private-details';

export type LineRefusal =
  | 'empty'
  | 'too-long'
  | 'bad-characters'
  | 'too-fast'
  | 'not-allowed'
  | 'call-over';

/** Why the draft wasn't sent. With `queue-full` too many lines are waiting to be sent. */
export type DraftFault =
  | Extract<LineRefusal, 'empty' | 'too-long' | 'bad-characters'>
  | 'queue-full';

export interface LineView {
  /**
   * Key of the line in lists. It is unique in the chat and stays the same when `pending` becomes
   * `sent`.
   */
  readonly key: string;
  readonly id: string;
  readonly from: 'you' | 'peer';
  /** Seat of the author, which tells the two answerers of a question apart. Absent before it is sent. */
  readonly seat?: Seat;
  readonly text: string;
  /** When the server accepted the line, by the server's clock. It is `null` before that. */
  readonly atMs: number | null;
  readonly sinceStartMs: number | null;
  /** A line in the state `waiting` is sent when the session is back. */
  readonly state: 'sent' | 'pending' | 'waiting' | 'refused';
  readonly refusal: LineRefusal | null;
  /** Id of the other user's line that this line corrects. */
  readonly corrects?: string | undefined;
}

export interface ChatView {
  readonly lines: readonly LineView[];
  readonly draft: string;
  readonly draftFault: DraftFault | null;
  /**
   * The private detail in the draft that the page has warned about. If it is set, the next
   * `sendLine` sends the draft. An edit of the draft resets it to null.
   */
  readonly caution: PrivateDetail | null;
  /**
   * How many UTF-16 code units may be added to the draft. It is negative if the draft is longer
   * than `LINE_CHARS_MAX`.
   */
  readonly draftRemaining: number;
  readonly peerTyping: boolean;
  /** For how many minutes the peer has been inactive. It is 0 below `QUIET_FROM_MINUTES`. */
  readonly peerQuietMinutes: number;
  readonly unread: number;
  readonly open: boolean;
}
