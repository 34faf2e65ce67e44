import type { SequencedClientMessage } from '@farandole/protocol/client-message';
import {
  ACK_AFTER_FRAMES,
  UNACKED_CHARS_MAX,
  UNACKED_FRAMES_MAX,
} from '@farandole/protocol/limits';
import { encodeClientMessage } from '@farandole/protocol/server-codec';
import type { Unsequenced } from '@farandole/protocol/server-message';

/** A sequenced message before it has its place. */
export type Outgoing = Unsequenced<SequencedClientMessage>;

interface KeptFrame {
  readonly seq: number;
  readonly text: string;
}

/**
 * Both directions of one session's stream, pure: the page's frames are kept until the node has
 * acknowledged them, and the node's are taken once and in order, whatever sockets come and go.
 */
export class FrameStream {
  #kept: KeptFrame[] = [];
  #keptChars = 0;
  #sent = 0;
  #taken = 0;
  #acknowledgedTaken = 0;

  /** The last frame of the node's that was taken; 0 for none. */
  get taken(): number {
    return this.#taken;
  }

  /** Frames taken since the node was last told. */
  get owed(): number {
    return this.#taken - this.#acknowledgedTaken;
  }

  /** Whether so many are owed that the node should be told now. */
  get mustAcknowledge(): boolean {
    return this.owed >= ACK_AFTER_FRAMES;
  }

  /** The node has been told of everything taken so far. */
  told(): void {
    this.#acknowledgedTaken = this.#taken;
  }

  /**
   * Gives a message its place and keeps its frame.
   *
   * @returns the frame, or null when too many are kept already: nothing has happened then
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

  /**
   * Forgets what the node has taken.
   *
   * @returns false when it acknowledges what was never sent: its session is not this one
   */
  acknowledge(received: number): boolean {
    if (received > this.#sent) return false;
    while (this.#kept[0] !== undefined && this.#kept[0].seq <= received) {
      this.#keptChars -= this.#kept[0].text.length;
      this.#kept.shift();
    }
    return true;
  }

  /** What the node has not acknowledged, oldest first, byte for byte as it was sent. */
  unacknowledged(): readonly string[] {
    return this.#kept.map((frame) => frame.text);
  }

  /** `new`: take it. `seen`: it came before. `gap`: one before it is missing. */
  receive(seq: number): 'new' | 'seen' | 'gap' {
    if (seq <= this.#taken) return 'seen';
    if (seq !== this.#taken + 1) return 'gap';
    this.#taken = seq;
    return 'new';
  }
}
