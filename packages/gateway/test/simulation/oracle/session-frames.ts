import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { Allowances } from './allowances.ts';
import type { SessionModel } from './model.ts';
import type { Oracle } from './oracle.ts';
import { keepingFor, NOTHING_KEPT, takeSeat } from './rejoin-frames.ts';
import { Violation } from './violation.ts';

/** Whether the frame is new; one that was written before must be the same to the byte. */
export function isNewFrame(session: SessionModel, seq: number, text: string): boolean {
  if (seq <= session.acknowledged) {
    throw new Violation('I6', `${session.subject} has frame ${seq}, and is sent it again`);
  }
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
  session.sentChars += text.length;
  return true;
}

/** The page has the node's frames up to here. */
export function acknowledge(session: SessionModel, place: number): void {
  for (let seq = session.acknowledged + 1; seq <= place; seq++) {
    session.sentChars -= session.sentFrames.get(seq)?.length ?? 0;
    session.sentFrames.delete(seq);
  }
  session.acknowledged = Math.max(session.acknowledged, place);
}

/** Whether more is kept for a page than may be; such a session ends with the turn. */
export function isDrowned({ sent, acknowledged, sentChars }: SessionModel): boolean {
  return sent - acknowledged > UNACKED_FRAMES_MAX || sentChars > UNACKED_CHARS_MAX;
}

/** The node opens a session, and closes the one that the person had. */
export function openSession(
  oracle: Oracle,
  connection: string,
  message: ServerMessageOf<'session.opened'>,
): void {
  const { subject, deviceKey } = oracle.sockets.of(connection).ear;
  oracle.tickets.use(message.session, subject, oracle.nowMs, oracle.wallMs);
  const older = oracle.model.bySubject.get(subject);
  const keeping = older === undefined ? NOTHING_KEPT : keepingFor(oracle, connection, older);
  const session: SessionModel = {
    id: message.session,
    subject,
    deviceKey,
    secret: message.secret,
    place: oracle.sockets.of(connection).place,
    connection,
    linkSinceMs: oracle.nowMs,
    isOpen: true,
    search: null,
    match: null,
    lastMatch: null,
    restoring: null,
    seat: null,
    epochTold: 0,
    wishes: new Map(),
    reports: new Map(),
    sent: 0,
    acknowledged: 0,
    sentFrames: new Map(),
    sentChars: 0,
    taken: 0,
    takenAtMs: Number.NEGATIVE_INFINITY,
    says: new Allowances(),
    causes: new Allowances(),
    resumedInStep: 0,
    isStandingTold: false,
  };
  takeSeat(oracle, session, older, keeping, message.rejoin);
  if (older !== undefined) oracle.closeSession(older);
  oracle.model.sessions.set(session.id, session);
  oracle.model.byConnection.set(connection, session);
  oracle.model.bySubject.set(subject, session);
  oracle.drain.entered(session, true);
  oracle.standings.entered(session, true);
  oracle.counts.sessions += 1;
  oracle.nodeAccepted(connection);
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
  checkResume(oracle, connection, session);
  if (message.received !== session.taken) {
    throw new Violation(
      'I6',
      `the node took ${session.taken} frames, and says ${message.received}`,
    );
  }
  if (session.connection === null) session.linkSinceMs = oracle.nowMs;
  else oracle.model.byConnection.delete(session.connection);
  session.connection = connection;
  session.place = oracle.sockets.of(connection).place;
  session.resumedInStep = oracle.step;
  oracle.model.byConnection.set(connection, session);
  oracle.backlogs.linkChanged(session);
  oracle.drain.entered(session, false);
  oracle.standings.entered(session, false);
  oracle.counts.resumes += 1;
  oracle.nodeAccepted(connection);
}

/** GW-10: a resume is by the same cookie, the same device and the secret, and says what it has. */
function checkResume(oracle: Oracle, connection: string, session: SessionModel): void {
  const { subject, deviceKey } = oracle.sockets.of(connection).ear;
  const resume = oracle.sockets.of(connection).hello?.resume;
  const isTheirs =
    session.subject === subject &&
    session.deviceKey === deviceKey &&
    resume?.secret === session.secret;
  if (!isTheirs || resume === undefined) {
    throw new Violation('GW-10', `the session of ${session.subject} is given to another`);
  }
  if (resume.received > session.sent || resume.received < session.acknowledged) {
    throw new Violation('I6', `${subject} says to have ${resume.received} of ${session.sent}`);
  }
  acknowledge(session, resume.received);
}
