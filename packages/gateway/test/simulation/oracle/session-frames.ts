import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { SessionModel } from './model.ts';
import type { Oracle } from './oracle.ts';
import { Violation } from './violation.ts';

/** Frames whose text is kept, to hold a resume to it: more than a node may have unacknowledged. */
const KEPT_FRAMES = 300;

/** Whether the frame is new; one that was written before must be the same to the byte. */
export function isNewFrame(session: SessionModel, seq: number, text: string): boolean {
  if (seq <= session.sent) {
    const before = session.sentFrames.get(seq);
    if (before !== undefined && before !== text) {
      throw new Violation('I6', `frame ${seq} to ${session.subject} is resent otherwise`);
    }
    return false;
  }
  if (seq !== session.sent + 1) {
    throw new Violation('I6', `frame ${seq} to ${session.subject} comes after ${session.sent}`);
  }
  session.sent = seq;
  session.sentFrames.set(seq, text);
  session.sentFrames.delete(seq - KEPT_FRAMES);
  return true;
}

/** The node opens a session, and closes the one that the person had. */
export function openSession(
  oracle: Oracle,
  connection: string,
  message: ServerMessageOf<'session.opened'>,
): void {
  const { subject, deviceKey } = oracle.earOf(connection);
  const older = oracle.model.bySubject.get(subject);
  if (older !== undefined) oracle.closeSession(older);
  const session: SessionModel = {
    id: message.session,
    subject,
    deviceKey,
    connection,
    linkSinceMs: oracle.nowMs,
    isOpen: true,
    search: null,
    match: null,
    lastMatch: null,
    restoring: null,
    wishes: new Map(),
    reports: new Map(),
    sent: 0,
    sentFrames: new Map(),
    taken: 0,
  };
  oracle.model.sessions.set(session.id, session);
  oracle.model.byConnection.set(connection, session);
  oracle.model.bySubject.set(subject, session);
  oracle.counts.sessions += 1;
  oracle.nodeAccepted();
}

/** The node gives a session another socket. */
export function resumeSession(
  oracle: Oracle,
  connection: string,
  message: ServerMessageOf<'session.resumed'>,
): void {
  const session = oracle.model.sessions.get(message.session);
  if (session === undefined) {
    throw new Violation('I4', `a session that is over was resumed: ${message.session}`);
  }
  if (message.received !== session.taken) {
    throw new Violation(
      'I6',
      `the node took ${session.taken} frames, and says ${message.received}`,
    );
  }
  if (session.connection === null) session.linkSinceMs = oracle.nowMs;
  else oracle.model.byConnection.delete(session.connection);
  session.connection = connection;
  oracle.model.byConnection.set(connection, session);
  oracle.counts.resumes += 1;
  oracle.nodeAccepted();
}
