/** `chat` is stored, tagged and sent to both users. `typing` is only forwarded. */
export type Said = 'chat' | 'typing';

export interface LoadClient {
  /** Number of messages received, including the echo of this client's own chat lines. */
  delivered: number;
  /** Why the connection was lost. Null while connected or before connecting. */
  lost: string | null;
  prepare(): Promise<void>;
  open(): Promise<void>;
  pair(): Promise<void>;
  say(said: Said): void;
  /** Sends the acknowledgements that are due. */
  tick(nowMs: number): void;
  leave(): Promise<void>;
}

export const PAIRED = 'paired';

/**
 * A message as long as one of our chat lines on the wire, so that all relays carry the same number
 * of bytes.
 */
export const BARE_MESSAGE = JSON.stringify({
  type: 'chat.send',
  seq: 1_234,
  match: 'q1JpZ2h0X2FzX3JhaW5fX1',
  epoch: 1,
  id: 'line-of-mine-1234',
  text: 'Hello! Where are you from? I have just made some tea.',
});
