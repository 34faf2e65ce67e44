import type { CLOSES, CloseReason } from '@farandole/protocol/close-codes';
import type { MessageAfterHello } from './link-attempt.ts';

/** Close reasons after which the client waits for the user. */
export type StoppingClose = {
  [R in CloseReason]: (typeof CLOSES)[R]['after'] extends 'stop' ? R : never;
}[CloseReason];

export type StopReason =
  | StoppingClose
  /** The server refuses pages of this origin. */
  | 'refused-here'
  | 'gave-up';

export type SignalState =
  /** `reason` is null before the start and after `leave`. */
  | { readonly state: 'stopped'; readonly reason: StopReason | null }
  /**
   * The first session, or one that the user requested, is opening. `crowded`: the server is full.
   */
  | { readonly state: 'connecting'; readonly crowded: boolean }
  | { readonly state: 'online' }
  | { readonly state: 'reconnecting'; readonly crowded: boolean };

export type LinkMessageType = `session.${string}` | 'link.pong' | 'link.ack';

/** Messages that the link doesn't handle itself. */
export type RoutedMessage = Exclude<MessageAfterHello, { type: LinkMessageType }>;
export type LinkMessage = Extract<MessageAfterHello, { type: LinkMessageType }>;
