/** Planted bugs in sessions: opening, resuming, sanctions and ends. */
export const SESSIONS = `
gateway/src/gateway.ts GONE_CODES
  I4 a page that goes is taken for one that lost its socket
    [1000, 1001] ~> [1000]
gateway/src/gateway.ts #meetDeadline
  I4 the end of the grace ends nothing
    drop endGrace(context, due.session);
gateway/src/session-life.ts closeSilent
  I10 who is silent at first stays
    drop if ($A) dropConnection($$);
gateway/src/gateway.ts #take
  gateway/test/chat.test.ts the frames of a socket are not counted
    drop if (fullAtMs === null) return 'too-fast';
gateway/src/gateway.ts drain
  I11 a node that drains tells nobody
    drop sendPassing($$);
gateway/src/apply-standing.ts applyStanding
  I9 a decision shows nobody out
    may === 'nothing' ~> false
  I9 a decision leaves a call by video as it is
    drop endVideo($$);
  gateway/test/standing.test.ts whom a decision concerns is not told
    tellStanding($$) ~> context.standingOf(session)
gateway/src/session-life.ts detachSession
  I4,assertion the grace counts from a date
    context.now.monotonicMs + RESUME_GRACE_MS ~> context.now.wallMs + RESUME_GRACE_MS
  I12 a lost socket ends the call at once
    tellPresence($$) ~> endActivity(context, session, 'lost')
  gateway/test/signal.test.ts who comes and goes may do so for ever
    !session.credits.take('absence', $A) ~> false
gateway/src/session-life.ts bind
  assertion,I10,I4,GW-2,I12 the hello's deadline outlives the hello
    $A === 'awaiting-hello' ~> $A !== 'awaiting-hello'
gateway/src/session-life.ts attachSession
  I12,I10,I4,assertion the grace goes on after the return
    drop context.deadlines.cancel(link.grace);
gateway/src/session-life.ts endSession
  I4 a session that is over is kept
    drop context.sessions.delete(session.id);
gateway/src/session-life.ts endVideo
  I9 whom a decision finds waiting for the other side is brought back
    drop if (activity.state === 'restoring') endActivity($$);
gateway/src/session-life.ts endOverflowed
  gateway/test/resume.test.ts a stream that outgrew its bounds goes on
    drop endSession($$);
gateway/src/deadline-queue.ts cancel
  I12,I10,I4,assertion,GW-2 a cancelled deadline comes all the same
    entry.place !== -1 ~> entry.place === -1
gateway/src/handlers/hello.ts handleHello
  GW-11 a signature is not looked at
    drop if (key === null) { $$ }
  GW-10 a resume is good on any device
    $A || known.device !== key ~> $A
  I9 whoever is kept out comes in
    standing.may === 'nothing' ~> false
  gateway/test/standing.test.ts who is turned away is not told why
    drop tellRefused($$);
gateway/src/handlers/hello.ts findSession
  GW-10,GW-2 a resume needs no cookie
    session?.subject === connection.facts.subject ~> session !== undefined
gateway/src/handlers/hello.ts readResume
  GW-10 a resume needs no secret
    ports.signer.open('resume', secret) === session ~> true
gateway/src/handlers/hello.ts readTicket
  GW-11,GW-2 a ticket is good for any cookie
    claims?.subject === connection.facts.subject ~> true
  gateway/test/moves.test.ts a used ticket opens a session on another node
    ticket !== claims?.session ~> false
gateway/src/handlers/hello.ts resumeSession
  I6 a resume begins one frame too late
    session.out.unacknowledged ~> session.out.unacknowledged.slice(1)
  I6,I4 a resume takes what was sent for what was taken
    session.out.acknowledge(received) ~> session.out.acknowledge(session.out.sent)
  I9 another network leaves a call by video as it is
    drop if (may === 'text') endVideo($$);
  I11 who comes back to a node that drains is not told
    context.drain.state === 'until' ~> false
gateway/src/handlers/hello.ts openNew
  I4,protocol a newer tab leaves the older session where it is
    drop endSession($$);
  gateway/test/hello.test.ts a ticket is good twice
    $A || !context.usedTickets.use($$) ~> $A
  I11 a node that drains lets people in
    context.isDraining ~> false
  gateway/test/rejoin.test.ts a place in a call is not kept
    older.device === device ~> older.device !== device
  gateway/test/hello.test.ts a place is kept for a page that is not new
    isSame && isNewPage ~> isSame
  gateway/test/rejoin.test.ts a place is kept for any device
    isSame && isNewPage ~> isNewPage
gateway/src/stream.ts accept
  GW-2,I6 a frame after a gap is dropped
    $A ? 'next' : 'gap' ~> $A ? 'next' : 'duplicate'
  I6,GW-2 a copy of a frame is a fault
    return 'duplicate'; ~> return 'gap';
gateway/src/stream.ts acknowledge
  GW-2 what was never sent may be acknowledged
    drop if (seq > this.sent) return false;
gateway/src/stream.ts canResumeAfter
  GW-10,GW-2,I6 a resume may be from further on than ever was said
    $A && seq <= this.sent ~> $A
gateway/src/stream.ts push
  gateway/test/stream.test.ts what is not acknowledged is kept without end
    $A && this.#chars <= UNACKED_CHARS_MAX ~> true
gateway/src/session-ticket.ts openSessionTicket
  gateway/test/session-ticket.test.ts a ticket does not grow old
    nowWallMs >= expiresAtWallMs ~> false
gateway/src/dispatch.ts dispatch
  GW-2 a hello may come again
    if (message.type === 'session.hello') $A ~> if (message.type === 'session.hello') return null;
  I6,GW-2 an acknowledgement in a message is ignored
    message.ack !== undefined ~> false
  GW-2 a message may acknowledge what was never sent
    !session.out.acknowledge(message.ack) ~> !session.out.acknowledge(Math.min(message.ack, session.out.sent))
gateway/src/outbox.ts sendEncoded
  I6 a frame is kept with its acknowledgement
    head + fields ~> head + (session.readsAcks ? '"ack":0,' : '') + fields
  I6 every page gets acknowledgements in messages
    session.readsAcks && $A ~> $A
gateway/src/dispatch.ts run
  gateway/test/chat.test.ts who is too fast is only told so
    !isBorne || $A ~> !isBorne
gateway/src/credits.ts spend
  gateway/test/credits.test.ts credits never run out
    limit.burst - 1 ~> limit.burst + 1_000
gateway/src/standing.ts tellStanding
  gateway/test/standing.test.ts what was told is told again, and not where it may be lost
    socket === 'known' ~> socket === 'new'
protocol/src/codec.ts decodeClientMessage
  GW-2 any version is spoken
    !isAcceptedVersion(version) ~> false
  GW-2 a frame may have any length
    byteLength > CLIENT_FRAME_BYTES_MAX ~> false
protocol/src/fields.ts closed
  GW-2 a frame may hold anything more
    false ~> true
`;
