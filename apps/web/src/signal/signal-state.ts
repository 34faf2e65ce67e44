import type { CLOSES, CloseReason } from '@farandole/protocol/close-codes';
import type { IceServersReply, SessionTicketReply } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { FrameStream } from './frame-stream.ts';
import type { MessageAfterHello, ResumableSession } from './link-attempt.ts';

/**
 * Reasons for closing the socket after which the page reconnects only when the user asks for it.
 */
export type StoppingClose = {
  [R in CloseReason]: (typeof CLOSES)[R]['after'] extends 'stop' ? R : never;
}[CloseReason];

export type StopReason =
  | StoppingClose
  /** The server refuses pages that were loaded from this origin. */
  | 'refused-here'
  /** This browser can't solve the server's proof of work. */
  | 'unproven'
  | 'gave-up';

export type SignalState =
  /** `reason` is null before the link to the server starts and after `leave`. */
  | { readonly state: 'stopped'; readonly reason: StopReason | null }
  /**
   * The link is opening its first session, or one that the user requested. `crowded`: the server
   * is full.
   */
  | { readonly state: 'connecting'; readonly crowded: boolean }
  | { readonly state: 'online' }
  | { readonly state: 'reconnecting'; readonly crowded: boolean };

/** A session of this page. It continues when another socket replaces a closed one. */
export interface LinkSession {
  readonly id: string;
  secret: string;
  readonly receipt: string;
  readonly stream: FrameStream;
}

export function resumableOf(
  { id, secret, stream }: LinkSession,
  isDoubted: boolean,
): ResumableSession {
  const tellTaken = (): number => {
    stream.told();
    return stream.taken;
  };
  return { id, secret, isDoubted, tellTaken };
}

export interface SignalListener {
  stateChanged(state: SignalState): void;
  /** Called with the facts about the server that come with a new session ticket. */
  ticketGiven(reply: SessionTicketReply): void;
  /** Called with the completed part (0 to 1) of a long proof of work, and with null at its end. */
  proving(share: number | null): void;
  /** Called with the ICE servers of a new session, before the state becomes `online`. */
  iceServers(ice: IceServersReply): void;
  /**
   * Called for a new session. Messages of the old session are lost, so features must send
   * pending requests again.
   */
  sessionOpened(opened: ServerMessageOf<'session.opened'>): void;
  message(message: RoutedMessage): void;
}

export type LinkMessageType = `session.${string}` | 'link.pong' | 'link.ack';

/** Receives the messages that the link doesn't handle itself. */
export type RoutedMessage = Exclude<MessageAfterHello, { type: LinkMessageType }>;
export type SequencedMessage = Extract<RoutedMessage, { seq: number }>;
export type LinkMessage = Extract<MessageAfterHello, { type: LinkMessageType }>;

export function isLinkMessage(message: MessageAfterHello): message is LinkMessage {
  return message.type.startsWith('session.') || message.type.startsWith('link.');
}
