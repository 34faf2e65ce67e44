import type { SequencedClientMessage } from '@farandole/protocol/client-message';
import { withAck } from '@farandole/protocol/frame-ack';
import {
  ACK_AFTER_FRAMES,
  UNACKED_CHARS_MAX,
  UNACKED_FRAMES_MAX,
} from '@farandole/protocol/limits';
import { encodeClientMessage } from '@farandole/protocol/server-codec';
import type { Unsequenced } from '@farandole/protocol/server-message';

/** A message to send in order, before it gets its sequence number. */
export type Outgoing = Unsequenced<SequencedClientMessage>;

interface StoredFrame {
  readonly seq: number;
  readonly text: string;
}

/**
 * Both directions of a session's message stream, without sockets or timers. It keeps the page's
 * frames until the server acknowledges them. It delivers the server's frames once and in order,
 * even if the socket changes.
 */
export class FrameStream {
  #kept: StoredFrame[] = [];
  #keptChars = 0;
  #sent = 0;
  #taken = 0;
  #acknowledgedTaken = 0;

  /** Sequence number of the last accepted server frame; 0 if there was none. */
  get taken(): number {
    return this.#taken;
  }

  /** Number of accepted server frames that this page hasn't acknowledged. */
  get owed(): number {
    return this.#taken - this.#acknowledgedTaken;
  }

  get mustAcknowledge(): boolean {
    return this.owed >= ACK_AFTER_FRAMES;
  }

  /** Records that the page has acknowledged all accepted frames. */
  told(): void {
    this.#acknowledgedTaken = this.#taken;
  }

  /**
   * Gives a message its sequence number and stores it until it is acknowledged.
   * @returns the frame, or null if too many frames are stored
   */
  push(message: Outgoing): string | null {
    if (this.#kept.length >= UNACKED_FRAMES_MAX) return null;
    const seq = this.#sent + 1;
    const text = encodeClientMessage({ ...message, seq });
    if (this.#keptChars + text.length > UNACKED_CHARS_MAX) return null;
    this.#sent = seq;
    this.#kept.push({ seq, text });
    this.#keptChars += text.length;
    return text;
  }

  /** Returns a frame to send with the acknowledgement that the page owes, if any. */
  carryAck(frame: string): string {
    if (this.owed === 0) return frame;
    this.told();
    return withAck(frame, this.#taken);
  }

  /**
   * Drops the stored frames that the server acknowledged.
   * @returns false if the server acknowledges frames that were never sent, which means that page
   * and server have different sessions
   */
  acknowledge(received: number): boolean {
    if (received > this.#sent) return false;
    while (this.#kept[0] !== undefined && this.#kept[0].seq <= received) {
      this.#keptChars -= this.#kept[0].text.length;
      this.#kept.shift();
    }
    return true;
  }

  get hasUnacknowledged(): boolean {
    return this.#kept.length > 0;
  }

  /** Returns the unacknowledged frames, oldest first, without acknowledgements. */
  unacknowledged(): readonly string[] {
    return this.#kept.map((frame) => frame.text);
  }

  /**
   * What to do with a frame from the server. `seen`: the frame is a duplicate. `gap`: an earlier
   * frame is missing.
   */
  receive(seq: number): 'new' | 'seen' | 'gap' {
    if (seq <= this.#taken) return 'seen';
    if (seq !== this.#taken + 1) return 'gap';
    this.#taken = seq;
    return 'new';
  }
}
