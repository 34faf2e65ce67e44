/**
 * A message of type `chat` is stored, tagged and sent to both users. A message of type `typing`
 * is only forwarded.
 */
export type Said = 'chat' | 'typing';

export interface LoadClient {
  /** Number of messages received, including the echo of this client's own chat lines. */
  delivered: number;
  /**
   * Reason why the connection was lost. Null while the client is connected or hasn't connected
   * yet.
   */
  lost: string | null;
  prepare(): Promise<void>;
  open(): Promise<void>;
  pair(): Promise<void>;
  say(said: Said): void;
  /** Sends all acknowledgements that are due now. */
  tick(nowMs: number): void;
  leave(): Promise<void>;
}

export const PAIRED = 'paired';

/** First character of a message that a floor sends to both clients of a pair. */
export const TO_BOTH = '2';

/** Text of a floor's message after the first character, which says to how many clients it goes. */
const BARE_TEXT = JSON.stringify({
  type: 'chat.send',
  seq: 1_234,
  match: 'q1JpZ2h0X2FzX3JhaW5fX1',
  epoch: 1,
  id: 'line-of-mine-123',
  text: 'Hello! Where are you from? I have just made some tea.',
});

/**
 * The messages of a floor's clients. Each is exactly as long on the wire as one of our chat lines,
 * so that all measured relays carry the same number of bytes. As on our server, a chat line goes to
 * both clients, and a message of typing only to the other one.
 */
export const BARE_MESSAGES: Readonly<Record<Said, string>> = {
  chat: `${TO_BOTH}${BARE_TEXT}`,
  typing: `1${BARE_TEXT}`,
};
