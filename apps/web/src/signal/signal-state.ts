import type { CLOSES, CloseReason } from '@farandole/protocol/close-codes';
import type { MessageAfterHello } from './link-attempt.ts';

/** The close reasons after which a client does nothing until the person asks. */
export type StoppingClose = {
  [R in CloseReason]: (typeof CLOSES)[R]['after'] extends 'stop' ? R : never;
}[CloseReason];

/** Why the client stopped and will not try by itself. */
export type StopReason =
  | StoppingClose
  /** The server does not serve this page's origin. */
  | 'refused-here'
  /** Tried for long enough. */
  | 'gave-up';

export type SignalState =
  /** `reason` is null before the start and after `leave`. */
  | { readonly state: 'stopped'; readonly reason: StopReason | null }
  /** The first session, or one after the person asked. `crowded`: the node has no room just now. */
  | { readonly state: 'connecting'; readonly crowded: boolean }
  | { readonly state: 'online' }
  | { readonly state: 'reconnecting'; readonly crowded: boolean };

export type LinkMessageType = `session.${string}` | 'link.pong' | 'link.ack';

/** Messages that concern somebody beyond the link itself. */
export type RoutedMessage = Exclude<MessageAfterHello, { type: LinkMessageType }>;
export type LinkMessage = Extract<MessageAfterHello, { type: LinkMessageType }>;
