import type { SequencedClientMessage } from '@farandole/protocol/client-message';
import {
  ACK_AFTER_FRAMES,
  UNACKED_CHARS_MAX,
  UNACKED_FRAMES_MAX,
} from '@farandole/protocol/limits';
import { encodeClientMessage } from '@farandole/protocol/server-codec';
import type { Unsequenced } from '@farandole/protocol/server-message';

/** A sequenced message before it gets its number. */
export type Outgoing = Unsequenced<SequencedClientMessage>;

interface StoredFrame {
  readonly seq: number;
  readonly text: string;
}

/**
 * Both directions of a session's stream, pure. Keeps own frames until they are acknowledged, and
 * delivers the server's frames once and in order, across sockets.
 */
export class FrameStream {
  #kept: StoredFrame[] = [];
  #keptChars = 0;
  #sent = 0;
  #taken = 0;
  #acknowledgedTaken = 0;

  /** The last server frame accepted; 0 for none. */
  get taken(): number {
    return this.#taken;
  }

  /** Accepted frames not yet acknowledged. */
  get owed(): number {
    return this.#taken - this.#acknowledgedTaken;
  }

  /** Whether an acknowledgement is due now. */
  get mustAcknowledge(): boolean {
    return this.owed >= ACK_AFTER_FRAMES;
  }

  /** All accepted frames have been acknowledged. */
  told(): void {
    this.#acknowledgedTaken = this.#taken;
  }

  /** Numbers and stores a message. @returns the frame, or null if too many are stored */
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

  /** Drops acknowledged frames. @returns false if some were never sent: it is another session */
  acknowledge(received: number): boolean {
    if (received > this.#sent) return false;
    while (this.#kept[0] !== undefined && this.#kept[0].seq <= received) {
      this.#keptChars -= this.#kept[0].text.length;
      this.#kept.shift();
    }
    return true;
  }

  /** Unacknowledged frames, oldest first, exactly as sent. */
  unacknowledged(): readonly string[] {
    return this.#kept.map((frame) => frame.text);
  }

  /** `seen`: a duplicate. `gap`: an earlier frame is missing. */
  receive(seq: number): 'new' | 'seen' | 'gap' {
    if (seq <= this.#taken) return 'seen';
    if (seq !== this.#taken + 1) return 'gap';
    this.#taken = seq;
    return 'new';
  }
}
