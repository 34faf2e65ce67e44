/** Planted bugs in calls: relay, end, restore and rejoin. */
export const CALLS = `
gateway/src/calls.ts endCall
  I4 leaving tells only the leaver
    send(context, session, 'call.ended', $A) ~> name === 'a' && send(context, session, 'call.ended', $A)
  I4,assertion leaving frees only one of the two
    session.apply({ event: 'ended' }) ~> session === call.seats[0].session && session.apply({ event: 'ended' })
gateway/src/calls.ts renewGates
  I10 a call of text has gates
    context.carriesMedia(call.mode) ~> true
gateway/src/calls.ts rungOf
  I9 video is offered where one of the two may only write
    context.mayBeIn(session, next) ~> true
gateway/src/calls.ts tellSeat
  I7 a page hears a call that it has not taken up
    transcript.state !== 'away' ~> true
gateway/src/calls.ts tellOthers
  I7 a page hears the devices of a call that it has not taken up
    transcript.state !== 'away' ~> true
  I7 a change of devices goes back to its sender
    call.seat(seat).others ~> call.seats
gateway/src/hours.ts endsAtBell
  I16 the bell ends calls of users who did not know of it
    knewIt && $A ~> $A
  gateway/test/hours.test.ts the bell ends calls of users who want one more round
    knewIt && $A ~> knewIt
  gateway/test/hours.test.ts a date that jumps rings the bell
    atMs !== undefined && $A ~> atMs !== undefined
gateway/src/handlers/call.ts endNamedCall
  I7,I12 an end names any call
    call.match !== match || call.epoch !== epoch ~> false
gateway/src/dispatch.ts isOf
  I6,I7 a line under an old epoch is accepted
    $A && message.epoch === call.epoch ~> $A
gateway/src/handlers/chat.ts sendLine
  I18 an asker writes more than the question
    isAllowed ? faultOf(text) : 'not-allowed' ~> faultOf(text)
gateway/src/handlers/media.ts relayMediaState
  I18 a call of three hears of cameras
    drop if (call.seats.length > 2) return;
gateway/src/matching.ts openMatch
  I6,I18 an answerer's place carries the question
    passLine(context, call, name, { id, text: question }) ~> passLine(context, call, 'b', { id, text: question })
gateway/src/handlers/chat.ts passLine
  I6 a line reaches only one of the two
    deliver(context, at, fields) ~> at.name === 'a' && deliver(context, at, fields)
  I6 the other side's date is its own
    deliver(context, at, fields) ~> deliver(context, at, at.name === 'a' ? fields : encodeLine(call, { ...line, atMs: line.atMs + 1 }))
gateway/src/handlers/chat.ts relayTyping
  I7 typing stays at the typist's
    call.seat(seat).others ~> [call.seat(seat)]
  I7 a page hears typing in a call that it has not taken up
    drop if (transcript.state === 'away') continue;
gateway/src/handlers/chat.ts replayLine
  I6@13 a replayed line needs no tag
    drop if (!verifyLine($$)) return;
gateway/src/handlers/chat.ts mayFollow
  gateway/test/simulation/found.test.ts a new page begins with a newer line
    lineCount(line.counters) <= lineCount(upTo) ~> true
gateway/src/handlers/chat.ts deliver
  I6,I7,protocol a new line does not wait for older ones
    at.transcript.state === 'complete' ~> true
  gateway/test/restore.test.ts lines wait for older ones without end
    drop if ($A > context.bufferedLinesMax) $B;
gateway/src/handlers/chat.ts release
  I6,I10,protocol lines that waited are lost
    drop sendEncoded($$);
gateway/src/call.ts constructor
  I6 the counters begin again after a restart
    this.counters = counters ~> this.counters = [0, 0]
gateway/src/call.ts again
  gateway/test/rejoin.test.ts a call that is taken up goes on under its old epoch
    this.epoch + 1 ~> this.epoch
gateway/src/handlers/restore.ts reopen
  I7 a restored call goes on under its old epoch
    $A + 1 ~> $A
gateway/src/handlers/restore.ts rungAt
  gateway/test/rung.test.ts a call comes back in the mode before the last change
    one.step > other.step ? one : other ~> one.step > other.step ? other : one
gateway/src/handlers/restore.ts admit
  gateway/test/restore.test.ts a restart ends the calls
    receipt.run === context.run ~> receipt.run !== context.run
  GW-40 a call of this run comes back
    receipt.run === context.run ~> false
  GW-40,I7 anybody brings a call back
    own?.subject !== session.subject || own.device !== session.device ~> false
  GW-40,I6@17 a call that was given up comes back
    context.restores.isSettled($$) ~> false
gateway/src/vain-waits.ts isVain
  I9 who may only write is brought back
    context.standingOf(session).may !== 'meet' ~> false
gateway/src/handlers/restore.ts joinRestores
  I6,I7 the sides of a restored call are swapped
    seatAt(a) - seatAt(b) ~> seatAt(b) - seatAt(a)
gateway/src/handlers/restore.ts resume
  I6,I10,protocol a side that lacks lines is taken for whole
    !sameCounters(has, upTo) ~> false
gateway/src/handlers/restore.ts isReceiptOf
  GW-40 a place is taken up by any receipt
    $A && receipt.seat === activity.seat ~> true
gateway/src/handlers/rejoin.ts mayGoOn
  gateway/test/rejoin.test.ts a place is kept where both pages are new
    transcript.state === 'complete' ~> true
gateway/src/handlers/rejoin.ts mayRejoin
  gateway/test/standing.test.ts a place by video is kept for whoever may only write
    $A || !context.carriesMedia(mode) ~> true
gateway/src/handlers/rejoin.ts keepSeat
  gateway/test/rejoin.test.ts a place is kept for as long again
    activity.state === 'rejoining' ? $A : $B ~> $B + 30_000
  gateway/test/rejoin.test.ts a place is kept after its time
    context.deadlines.add(untilMs, $A) ~> context.deadlines.add(untilMs + 1, $A)
  I7 a page hears the lines of a call that it has not taken up
    'away' ~> 'complete'
gateway/src/handlers/rejoin.ts rejoinCall
  I12 whoever may take up a call ends it
    !mayRejoin($$) ~> true
  gateway/test/rejoin.test.ts a new page does not wait for older lines
    lineCount(call.counters) > 0 ~> false
gateway/src/handlers/rung.ts consentToNext
  I14 one person alone moves a call up
    haveAgreed(at.others) ~> at.allowsNext
  I14 a no leaves the request standing
    drop for (const each of call.seats) each.allowsNext = false;
  gateway/test/rung.test.ts a late answer counts for the next mode
    (message.step ?? 0) !== call.step ~> false
gateway/src/handlers/rung.ts changeMode
  I14 a yes to one mode is a yes to all
    drop at.allowsNext = false;
gateway/src/handlers/rung.ts lowerMode
  I14 a call goes down only from video
    !$A || !$B ~> call.mode !== 'video'
  I14 a call goes down only when the offerer asks
    !$A || !$B ~> seat !== call.offerer
gateway/src/signal-policy/media-kinds.ts mediaKindsOf
  I14 a picture passes in a call by voice
    KINDS.filter($A) ~> KINDS
gateway/src/matching.ts startOf
  I14 a pair starts in the mode that one of the two chose
    startMode(a, b, config.rules.modes) ~> a.mode
gateway/src/handlers/rung.ts refusalOf
  I9 a call turns to video where one of the two may only write
    context.mayBeIn(session, next) ~> true
gateway/src/restores.ts end
  I10 calls that were settled are kept
    drop this.#settled.clear();
`;
