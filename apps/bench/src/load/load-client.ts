/** `chat` is stored, tagged and sent to both; `typing` is only forwarded. */
export type Said = 'chat' | 'typing';

export interface LoadClient {
  /** Messages received, including the echo of own chat lines. */
  delivered: number;
  /** Null while connected or before connecting. */
  lost: string | null;
  prepare(): Promise<void>;
  open(): Promise<void>;
  pair(): Promise<void>;
  say(said: Said): void;
  /** Sends due acknowledgements. */
  tick(nowMs: number): void;
  leave(): Promise<void>;
}

export const PAIRED = 'paired';

/** As long as one of our lines on the wire, so that all relays carry the same bytes. */
export const BARE_MESSAGE = JSON.stringify({
  type: 'chat.send',
  seq: 1_234,
  match: 'q1JpZ2h0X2FzX3JhaW5fX1',
  epoch: 1,
  id: 'line-of-mine-1234',
  text: 'Hello! Where are you from? I have just made some tea.',
});
