/** Planted bugs in how sessions move between nodes. */
export const MOVES = `
cluster/src/moves.ts #takeBack
  cluster/test/moves.test.ts a session taken back keeps the generation of the move
    $A.generation + 1 ~> $A.generation
cluster/src/moves.ts #accepts
  cluster/test/moves.test.ts a fenced node takes sessions
    this.#channel.isFenced(now) || $A ~> $A
cluster/src/moves.ts #answer
  cluster/test/moves.test.ts a node forgets what it answered
    drop this.#notes.set($$);
cluster/src/moves.ts #settle
  cluster/test/moves.test.ts every node answers for the taker
    $A || open.to !== from ~> $A
cluster/src/moves.ts canGive
  cluster/test/moves.test.ts a session is given to a node that is no member
    $A && this.#channel.members().has(to) ~> $A
cluster/src/moves.ts givenLately
  cluster/test/moves.test.ts a giver says at once that it has nothing
    now.monotonicMs < given.untilMonotonicMs ~> false
cluster/src/moves.ts memberGone
  cluster/test/moves.test.ts a session that a dead node fetched comes back
    open.move.match === null ~> false
cluster/src/moves.ts tick
  cluster/test/moves.test.ts a node in doubt never asks
    drop this.#channel.send($$);
cluster/src/frame-buffer.ts push
  cluster/test/moves.test.ts a moving page's frames are kept without end
    this.#frames.length >= MOVING_FRAMES_MAX ~> false
cluster/src/node-sessions.ts accept
  gateway/test/moves.test.ts a session that arrives after a fence is kept without a question
    !this.#isSettled(now) ~> false
cluster/src/session-answers.ts answerTo
  gateway/test/moves.test.ts a node keeps silent about a session that moved on
    newer !== null ~> false
cluster/src/session-checks.ts doubt
  gateway/test/moves.test.ts a fenced home resumes a session that its giver took back
    drop this.#doubtful.add(subject);
gateway/src/moves/session-moves.ts #resumeActivity
  gateway/test/moves.test.ts a user waits on the node where the call ended
    this.isOver($$) ~> false
  gateway/test/moves.test.ts a user whose session moved waits for a suspended user
    isVain(context, restore) ~> false
gateway/src/handlers/restore.ts restoreCall
  gateway/test/facts.test.ts the others wait for a user whose facts were not read
    drop partWaiting($$);
gateway/src/moves/session-moves.ts confirmed
  gateway/test/moves.test.ts a session that outlived a fence goes on under used generations
    session.generation += GENERATIONS_SKIPPED ~> session.generation += 0
cluster/src/node-sessions.ts give
  W1 a session moves to its call under the old generation
    given.generation + 1 ~> given.generation
cluster/src/node-sessions.ts #giveFetched
  W1 a session moves back under the old generation
    given.generation + 1 ~> given.generation
cluster/src/home-sockets.ts send
  W2 the frames of a home name no generation
    { type: 'bridge.down', v, socket, generation, text } ~> { type: 'bridge.down', v, socket, generation: 0, text }
cluster/src/node-sessions.ts accept
  W2,W10 the home opens a call under a smaller generation
    this.#homes.add(from, socket, move.generation) ~> this.#homes.add(from, socket, move.generation - 2)
gateway/src/matching.ts matchGiven
  W2,W3,W1 the home opens a call and refuses the session
    return true; ~> return false;
cluster/src/moves.ts memberGone
  cluster/test/moves.test.ts a session stays in doubt when its taker dies
    drop this.#takeBack(open, now);
cluster/src/edge-sockets.ts #send
  cluster/test/edge-sockets.test.ts an older home gets acknowledgements in messages
    readsAcks ? [frame] : splitAck(frame) ~> [frame]
cluster/src/edge-sockets.ts closeFor
  W3,W1,W7 an edge keeps a socket that its home closed
    drop this.delete(edge);
cluster/src/node-sessions.ts taken
  W3 a home keeps the socket of a session that left
    this.#homes.delete($A) ~> this.#homes.has($A)
cluster/src/questions.ts ask
  cluster/test/questions.test.ts two sockets of a user ask at once
    earlier !== undefined ~> false
cluster/src/node-sessions.ts fenced
  gateway/test/moves.test.ts a fenced node ends the sessions of other nodes' sockets
    this.#gate.connectionClosed(id, LOST_CODE, now) ~> this.#gate.connectionClosed(id, 1000, now)
cluster/src/node-sessions.ts received
  gateway/test/moves.test.ts a home takes sockets of unknown nodes
    !this.#parts.channel.members().has(from) ~> false
cluster/src/node-sessions.ts #greet
  gateway/test/moves.test.ts a node that was fenced opens sessions at once
    isUnknown && !hasGiven && this.#isSettled(now) ~> isUnknown && !hasGiven
  gateway/test/moves.test.ts a node that gave a session away opens another one
    !hasGiven ~> true
gateway/src/matching.ts onMatched
  gateway/test/moves.test.ts a fenced node opens a call
    !context.fence.isOn ~> true
cluster/src/restore-meetings.ts receive
  W9@9 a node that knows that a call is over keeps silent
    this.#parts.channel.send($$) ~> undefined
  gateway/test/moves.test.ts no node tells another that a call is over
    moves.isOver(match, now) ~> false
gateway/src/moves/session-moves.ts isOver
  W9@9 a node never knows that a call is over
    hasEnded && $A ~> false
  gateway/test/moves.test.ts a node that was away forgets that it ended a call
    callDurations.has($$) ~> false
gateway/src/session-life.ts endActivity
  gateway/test/moves.test.ts a node that was away ends a call that was restored elsewhere
    context.fence.wasOnSince($$) ~> false
gateway/src/moves/session-moves.ts #add
  gateway/test/moves.test.ts a node that takes a session does not learn that its call is over
    if (session.endedMatch !== null) $A; ~> ;
gateway/src/moves/session-moves.ts replaced
  gateway/test/moves.test.ts a node ends the call of a user with a newer session elsewhere
    drop abandonCall(context, session);
gateway/src/handlers/hello.ts openNew
  gateway/test/moves.test.ts a node ends the call of a user with a newer session
    mayBeLost(context, older) ~> false
gateway/src/handlers/hello.ts mayBeLost
  gateway/test/moves.test.ts a user with a newer session ends the session of the peer
    fence.wasOnSince($$) ~> true
gateway/src/moves/drain.ts endDrain
  gateway/test/moves.test.ts a draining node ends its calls
    if (goesOn) handOver($A, $B); else $C; ~> if (!goesOn) handOver($A, $B); else $C;
gateway/src/handlers/restore.ts admit
  gateway/test/moves.test.ts a node restores no call that it gave up
    !context.restores.isAbandoned(receipt.match) ~> true
gateway/src/moves/session-moves.ts forward
  gateway/test/moves.test.ts an older socket on another node takes the session from a newer one
    Math.round($$) ~> 0
gateway/src/moves/greet.ts go
  gateway/test/moves.test.ts a forwarded hello opens a session where the user has none
    isForwarded === true && $A ~> false
gateway/src/moves/session-moves.ts opened
  gateway/test/moves.test.ts a node reads a forwarded hello of a user whose session left
    !$A.has($B) ~> false
gateway/src/moves/session-moves.ts #resumeActivity
  W4 a search that moved stays out of the pool
    () => this.#searchOn(search) ~> () => undefined
gateway/src/moves/snapshot.ts activityOf
  W8 a search that moves forgets its private meeting
    meeting !== undefined && $A ~> false
  I15 a search that moves leaves its community
    community !== undefined && $A ~> false
gateway/src/private-meeting.ts meetingOf
  W8 all invitations of a host are one private meeting
    invitation.key ~> invitation.host
gateway/src/apply-standing.ts applyStandings
  W10@13 users wait on to restore a call with a suspended user
    drop endVainWaits(context);
gateway/src/vain-waits.ts isVain
  gateway/test/restore.test.ts a user begins to wait to restore a call with a suspended user
    $A || hasBarredUser($$) ~> $A
gateway/src/moves/session-moves.ts adopt
  W10 a suspended user's session that comes from another node goes on
    context.standingOf(session).may === 'nothing' ~> false
gateway/src/handlers/unblock.ts takeRemovals
  gateway/test/unblock.test.ts a removal of a block that another node stored is ignored
    !context.ports.pairs.takeRemoval(record, context.now) ~> true
cluster/src/node-sessions.ts tookBack
  gateway/test/moves.test.ts a home keeps the socket of a session that the edge refused
    drop if (match === null && socket !== null) $A;
cluster/src/session-checks.ts yields
  gateway/test/moves.test.ts two nodes that check one user both end its session
    rank > own ~> false
gateway/src/matching.ts onProposed
  gateway/test/matching.test.ts a node keeps matches whose calls open on another node
    isHome && !isLocal(context, proposal) ~> !isLocal(context, proposal)
cluster/src/valkey/members.ts answered
  cluster/test/valkey-members.test.ts a slow beat makes other nodes seem silent for longer
    now.monotonicMs - facts.ageMs ~> requested.monotonicMs - facts.ageMs
  cluster/test/valkey-members.test.ts a node that has stopped comes back for five seconds
    drop if (this.#stopped.has(node)) continue;
cluster/src/valkey/valkey-cluster.ts #ask
  cluster/test/valkey-cluster.test.ts a node that hears nothing keeps its connections
    drop if (!this.#isFenced) this.#unheardSince ??= now;
cluster/src/session-checks.ts has
  gateway/test/moves.test.ts a session moves although another node may have one of its user
    this.#unchecked.has(subject) ~> false
cluster/src/moves.ts fenced
  cluster/test/moves.test.ts a fenced node waits for the answer of a session in doubt
    drop this.#inDoubt.clear();
gateway/src/matching.ts endGivenWait
  W4 a search waits for a session that never comes
    drop if (search !== null) resubmitSearch(context, search);
gateway/src/matching.ts matchGiven
  gateway/test/question-nodes.test.ts a home forgets the sessions that were given for a call of three
    drop shared.given.set(ticket.id, read);
gateway/src/moves/snapshot.ts isMovable
  gateway/test/question-nodes.test.ts a session moves back while it waits for a call of three
    drop if (waitsForOthers(context, session)) return false;
gateway/src/handlers/restore.ts restoreGiven
  gateway/test/question-nodes.test.ts a call of three is restored for two
    waiting.length + 1 < holders.length ~> false
gateway/src/matching.ts mayStillMeet
  W5 only the pool knows who is blocked
    pairs.keptApart(one, other) || $A ~> $A
gateway/src/matching.ts onProposed
  W5 a node confirms what the pool proposes
    mayStillMeet(context, proposal) ~> true
gateway/src/handlers/age.ts takeAgeRefusals
  W7 a declaration that another node stored ends no search
    drop for (const session of noteDeclarations(context, dates)) refuseForAge(context, session);
  W7 a declaration that another node stored holds for its cookie only
    [device, atMs] as const ~> [subject, atMs] as const
gateway/src/handlers/people.ts takePerson
  gateway/test/age.test.ts a declaration that is read with a user's facts ends no search of the device's other cookies
    for (const each of refused) refuseForAge(context, each); ~> for (const each of refused) if (each === session) refuseForAge(context, each);
cluster/src/carried-facts.ts keptApart
  cluster/test/carried-facts.test.ts the pool ignores the blocks that a ticket brings
    areKeptApart(ofA, ofB, this.#nowMs) ~> false
cluster/src/carried-facts.ts delete
  cluster/test/carried-facts.test.ts the pool keeps the facts of tickets that left
    drop if ($A === ticket) this.#carried.delete(subject);
gateway/src/pair-ledger.ts recordNote
  gateway/test/pair-ledger.test.ts a cool-down begins again with every move
    trustedAgeMs($$) ~> keptMs - keptMs
gateway/src/fence.ts totalMs
  gateway/test/moves.test.ts the grace period elapses on a fenced node
    nowMs - this.#sinceMs ~> 0
gateway/src/session-life.ts endGrace
  gateway/test/moves.test.ts a fenced node keeps sessions without end
    Math.min($A, GRACE_PAUSED_MAX_MS) ~> $A
cluster/src/pool-host.ts #checkLease
  cluster/test/pool-host.test.ts a host writes after its lease ended
    now.monotonicMs >= this.#validUntilMonotonicMs ~> false
cluster/src/pool-host.ts tick
  W6 no host asks for the lease
    now.monotonicMs >= this.#askAtMonotonicMs ~> false
cluster/src/pool-host.ts #ask
  cluster/test/pool-host.test.ts a host asks for an epoch that the store gave before it lost its data
    this.#epochSeen?.number ?? 0 ~> 0
cluster/src/pool-host.ts #see
  W6,W4 a host ignores a larger epoch
    $A && compareEpochs(epoch, this.#epochSeen) <= 0 ~> $A
`;
