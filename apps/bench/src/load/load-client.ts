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

/**
 * A message that is exactly as long on the wire as one of our chat lines, so that all measured
 * relays carry the same number of bytes.
 */
export const BARE_MESSAGE = JSON.stringify({
  type: 'chat.send',
  seq: 1_234,
  match: 'q1JpZ2h0X2FzX3JhaW5fX1',
  epoch: 1,
  id: 'line-of-mine-1234',
  text: 'Hello! Where are you from? I have just made some tea.',
});
