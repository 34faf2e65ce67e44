import type { Medium } from '@farandole/matchmaking/mode';
import type {
  ClientMessage,
  ClientMessageOf,
  ClientMessageType,
} from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { ACK_AFTER_FRAMES, ACK_AFTER_MS } from '@farandole/protocol/limits';
import { seatRules } from './calls.ts';
import type { GatewayContext } from './context.ts';
import { declareAge } from './handlers/age.ts';
import { createBlock, refuseBlockTooFast } from './handlers/block.ts';
import { endNamedCall } from './handlers/call.ts';
import { refuseLineTooFast, relayTyping, replayLine, sendLine } from './handlers/chat.ts';
import { createInvitation, refuseInvitation, withdrawInvitation } from './handlers/invitation.ts';
import { acknowledge, answerPing, leave } from './handlers/link.ts';
import { consentToDirect, noteFirstFrame, relayMediaState } from './handlers/media.ts';
import { relayCard, relayExchange, relayReaction } from './handlers/reaction.ts';
import { createReport, refuseReportTooFast } from './handlers/report.ts';
import { restoreCall } from './handlers/restore.ts';
import { consentToNext, lowerMode } from './handlers/rung.ts';
import {
  refuseDescriptionTooFast,
  relayAnswer,
  relayCandidate,
  relayOffer,
} from './handlers/signal.ts';
import {
  createSearch,
  refuseSearchTooFast,
  widenSearch,
  withdrawTicket,
} from './handlers/ticket.ts';
import { refuseUnblockTooFast, removeBlock } from './handlers/unblock.ts';
import { answerBell } from './hours.ts';
import type { CreditKind } from './limits.ts';
import { tellTaken } from './outbox.ts';
import type { InCall, Session } from './session.ts';

type Fault = Extract<CloseReason, 'out-of-order' | 'too-fast' | 'malformed'>;

type RoutedType = Exclude<ClientMessageType, 'session.hello'>;

interface RouteBase<Target, T extends RoutedType> {
  readonly credits: CreditKind;
  handle(context: GatewayContext, target: Target, message: ClientMessageOf<T>): Fault | void;
  /**
   * Answers a message that exceeds the rate limit. If a route has no `refuse`, the message is
   * dropped when `mayDrop` is true. Otherwise the session ends.
   */
  refuse?(
    context: GatewayContext,
    target: Target,
    message: ClientMessageOf<T>,
    waitMs: number,
  ): void;
  readonly mayDrop?: boolean;
}

interface CallRouteBase<T extends RoutedType> extends RouteBase<InCall, T> {
  /** The medium that the message carries. Dropped in a call whose mode doesn't carry it. */
  readonly carries?: Medium;
  /** The medium that the sender's seat must send. Dropped from other seats. */
  readonly sends?: Medium;
}

/**
 * How a message type is handled. `session`: accepted in every state, so the handler checks the
 * state. `call`: accepted only if the message names the session's current call and epoch. Any
 * other message is late and dropped.
 */
type Route<T extends RoutedType> =
  | ({ readonly in: 'session' } & RouteBase<Session, T>)
  | ({ readonly in: 'call' } & CallRouteBase<T>);

const ROUTES: { readonly [T in RoutedType]: Route<T> } = {
  'session.leave': { in: 'session', credits: 'link', handle: leave },
  'link.ping': { in: 'session', credits: 'link', handle: answerPing },
  'link.ack': { in: 'session', credits: 'link', handle: acknowledge },
  'age.declare': { in: 'session', credits: 'control', handle: declareAge },
  'ticket.create': {
    in: 'session',
    credits: 'search',
    handle: createSearch,
    refuse: refuseSearchTooFast,
  },
  'ticket.widen': { in: 'session', credits: 'control', handle: widenSearch },
  'ticket.withdraw': { in: 'session', credits: 'control', handle: withdrawTicket },
  'signal.offer': {
    in: 'call',
    credits: 'description',
    handle: relayOffer,
    refuse: refuseDescriptionTooFast,
  },
  'signal.answer': {
    in: 'call',
    credits: 'description',
    handle: relayAnswer,
    refuse: refuseDescriptionTooFast,
  },
  'signal.candidate': { in: 'call', credits: 'candidate', handle: relayCandidate },
  'chat.send': {
    in: 'call',
    credits: 'chat',
    carries: 'text',
    handle: sendLine,
    refuse: refuseLineTooFast,
  },
  'chat.replay': { in: 'call', credits: 'replay', carries: 'text', handle: replayLine },
  'chat.typing': {
    in: 'call',
    credits: 'typing',
    sends: 'text',
    handle: relayTyping,
    mayDrop: true,
  },
  'call.react': {
    in: 'call',
    credits: 'reaction',
    sends: 'text',
    handle: relayReaction,
    mayDrop: true,
  },
  'call.card': {
    in: 'call',
    credits: 'card',
    sends: 'text',
    handle: relayCard,
    mayDrop: true,
  },
  // Passes nothing that a user wrote, so a mode without text has it too.
  'call.exchange': { in: 'call', credits: 'exchange', handle: relayExchange, mayDrop: true },
  'media.update': { in: 'call', credits: 'media', handle: relayMediaState },
  'direct.consent': { in: 'call', credits: 'control', handle: consentToDirect },
  'video.consent': { in: 'call', credits: 'control', handle: consentToNext },
  'mode.lower': { in: 'call', credits: 'control', handle: lowerMode },
  'round.answer': { in: 'call', credits: 'control', handle: answerBell },
  'call.first-frame': { in: 'call', credits: 'control', handle: noteFirstFrame },
  'call.end': { in: 'session', credits: 'control', handle: endNamedCall },
  'call.restore': { in: 'session', credits: 'control', handle: restoreCall },
  'invitation.create': {
    in: 'session',
    credits: 'invitation',
    handle: createInvitation,
    refuse: refuseInvitation,
  },
  'invitation.withdraw': { in: 'session', credits: 'control', handle: withdrawInvitation },
  'block.create': {
    in: 'session',
    credits: 'block',
    handle: createBlock,
    refuse: refuseBlockTooFast,
  },
  'block.remove': {
    in: 'session',
    credits: 'block',
    handle: removeBlock,
    refuse: refuseUnblockTooFast,
  },
  'report.create': {
    in: 'session',
    credits: 'report',
    handle: createReport,
    refuse: refuseReportTooFast,
  },
};

/**
 * Handles one message of a session. Sequenced messages are handled once and in order. Checks
 * rate limits and the session's state.
 * @returns the fault for which the session must end, or null
 */
export function dispatch(
  context: GatewayContext,
  session: Session,
  message: ClientMessage,
): Fault | null {
  if (message.type === 'session.hello') return 'out-of-order';
  if ('seq' in message) {
    if (message.ack !== undefined) {
      if (!session.out.acknowledge(message.ack)) return 'out-of-order';
      session.readsAcks = true;
    }
    const verdict = session.in.accept(message.seq);
    if (verdict === 'duplicate') return null;
    if (verdict === 'gap') return 'out-of-order';
    session.in.take(message.seq);
  }
  const fault = route(context, session, message);
  // If the handler sent a reply, the reply carried the acknowledgement, and no frames are left to
  // acknowledge.
  if (session.in.untold > 0 && session.connection !== null) noteTaken(context, session);
  return fault;
}

function route(
  context: GatewayContext,
  session: Session,
  message: ClientMessageOf<RoutedType>,
): Fault | null {
  const to: Route<RoutedType> = ROUTES[message.type];
  if (to.in === 'session') return run(context, session, session, to, message);
  const { activity } = session;
  if (activity.state !== 'in-call' || !isOf(activity, message)) return null;
  // A page of ours never sends it. Dropping it costs the sender the same credits as passing it on.
  const { call, seat } = activity;
  const isCarried = to.carries === undefined || context.carries(call.mode, to.carries);
  const isSent =
    to.sends === undefined ||
    seatRules(context, call.mode, seat)?.sends.includes(to.sends) === true;
  return run(
    context,
    session,
    activity,
    isCarried && isSent ? to : { ...to, handle: refuse },
    message,
  );
}

/** Drops a message with a medium that the call's mode or the user's seat doesn't send. */
function refuse(context: GatewayContext): void {
  context.ports.observer.observe({ event: 'frame-refused', reason: 'not-in-mode' });
}

function run<Target>(
  context: GatewayContext,
  session: Session,
  target: Target,
  to: RouteBase<Target, RoutedType>,
  message: ClientMessageOf<RoutedType>,
): Fault | null {
  const nowMs = context.now.monotonicMs;
  if (session.credits.take(to.credits, nowMs)) {
    return to.handle(context, target, message) ?? null;
  }
  const isBorne = to.refuse !== undefined || to.mayDrop === true;
  if (!isBorne || !session.credits.take('overdraft', nowMs)) return 'too-fast';
  context.ports.observer.observe({ event: 'frame-refused', reason: 'too-fast' });
  const waitMs = Math.ceil(session.credits.waitMs(to.credits, nowMs));
  to.refuse?.(context, target, message, waitMs);
  return null;
}

function isOf({ call }: InCall, message: ClientMessage): boolean {
  return 'match' in message && message.match === call.match && message.epoch === call.epoch;
}

/**
 * Schedules an acknowledgement of the received frames. Sends it at once if many frames are
 * unacknowledged.
 */
function noteTaken(context: GatewayContext, session: Session): void {
  if (session.in.untold >= ACK_AFTER_FRAMES) {
    tellTaken(context, session);
    return;
  }
  if (session.isAckDue) return;
  session.isAckDue = true;
  const atMs = context.now.monotonicMs + ACK_AFTER_MS;
  context.deadlines.add(atMs, { due: 'acknowledgement', session });
}
