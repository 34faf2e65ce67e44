/** What a client says: a line of chat (kept, tagged, to both sides) or that it types (passed on). */
export type Said = 'chat' | 'typing';

/** One person, as far as load goes, on whatever server is measured. */
export interface LoadClient {
  /** What of the other's words, and (in chat) of its own as the server gives them back, has come. */
  delivered: number;
  /** Null while it is connected or has not been yet; else why it is not. */
  lost: string | null;
  /** What it needs before it may connect. */
  prepare(): Promise<void>;
  /** Resolves when it may ask for somebody. */
  open(): Promise<void>;
  /** Asks for somebody; resolves when there is one. */
  pair(): Promise<void>;
  say(said: Said): void;
  /** What is due by now: acknowledgements. */
  tick(nowMs: number): void;
  /** Goes for good. */
  leave(): Promise<void>;
}

/** How the two ends of a bare relay learn that they are a pair. */
export const PAIRED = 'paired';

/** As long as one line of ours is on the wire, so that all relays carry as many bytes. */
export const BARE_MESSAGE = JSON.stringify({
  type: 'chat.send',
  seq: 1_234,
  match: 'q1JpZ2h0X2FzX3JhaW5fX1',
  epoch: 1,
  id: 'line-of-mine-1234',
  text: 'Hello! Where are you from? I have just made some tea.',
});
