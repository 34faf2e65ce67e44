import type { ClientMessage } from '@farandole/protocol/client-message';
import type { SessionSnapshot } from '@farandole/protocol/session-snapshot';
import type { GatewayContext } from './context.ts';
import type { Deadline } from './deadline-queue.ts';
import type { Due } from './due.ts';
import { DEFERRED_CHARS_MAX, DEFERRED_PER_SESSION_MAX, FACTS_AWAITED_MS } from './limits.ts';
import type { Session } from './session.ts';

/** A message that can be handled only once the user's facts are in memory. */
export interface DeferredMessage {
  /** What waits. Its length as JSON counts. */
  readonly message: ClientMessage | SessionSnapshot['activity'];
  readonly handle: () => void;
  /** Answers the message if the facts weren't read in time. */
  readonly refuse: () => void;
}

/** The waiting messages of one session, oldest first. */
export interface Deferred {
  readonly messages: (DeferredMessage & { readonly chars: number })[];
  readonly until: Deadline<Due>;
}

/**
 * Queues a message until the user's facts are in memory. Refuses it at once if too many messages
 * wait.
 *
 * @returns false if the facts are in memory, so that the caller must handle the message now
 */
export function defer(context: GatewayContext, session: Session, one: DeferredMessage): boolean {
  session.isRead ||= context.ports.people.arrived(session);
  if (session.isRead) return false;
  if (!enqueue(context, session, one)) one.refuse();
  return true;
}

/**
 * Queues a message behind earlier messages of its session that wait, to keep their order. Without
 * facts, the message is handled after the earlier ones were refused. Ignores the message if too
 * many messages wait.
 *
 * @returns false if no earlier message waits
 */
export function deferBehind(
  context: GatewayContext,
  session: Session,
  { message, handle }: Omit<DeferredMessage, 'refuse'>,
): boolean {
  if (session.deferred === null) return false;
  enqueue(context, session, { message, handle, refuse: handle });
  return true;
}

/** Returns false if too many messages wait. */
function enqueue(context: GatewayContext, session: Session, one: DeferredMessage): boolean {
  const chars = JSON.stringify(one.message).length;
  const waiting = session.deferred?.messages.length ?? 0;
  if (waiting >= DEFERRED_PER_SESSION_MAX) return false;
  if (context.deferredChars + chars > DEFERRED_CHARS_MAX) return false;
  session.deferred ??= { messages: [], until: deadlineOf(context, session) };
  session.deferred.messages.push({ ...one, chars });
  context.deferredChars += chars;
  return true;
}

function deadlineOf(context: GatewayContext, session: Session): Deadline<Due> {
  const atMs = context.now.monotonicMs + FACTS_AWAITED_MS;
  return context.deadlines.add(atMs, { due: 'facts', session });
}

/** Removes and returns the session's waiting messages. */
export function dropDeferred(
  context: GatewayContext,
  session: Session,
): readonly DeferredMessage[] {
  const { deferred } = session;
  if (deferred === null) return [];
  session.deferred = null;
  context.deadlines.cancel(deferred.until);
  for (const { chars } of deferred.messages) context.deferredChars -= chars;
  return deferred.messages;
}

/** Called when the user's facts weren't read in time. */
export function refuseDeferred(context: GatewayContext, session: Session): void {
  for (const { refuse } of dropDeferred(context, session)) refuse();
}

/** Handles the session's waiting messages in order. */
export function handleDeferred(context: GatewayContext, session: Session): void {
  for (const { handle } of dropDeferred(context, session)) {
    if (session.state.state === 'closed') return;
    handle();
  }
}
