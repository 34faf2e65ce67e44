/** Planted bugs in records on disk and in memory limits. */
export const RECORDS = `
gateway/src/handlers/block.ts createBlock
  I8 a block is acknowledged before it is on disk
    noteBlock(context, record, false) ~> (noteBlock(context, record, false), acceptBlock(context, session, record))
gateway/src/handlers/block.ts settleBlock
  I8@4 a block is written as often as asked for
    drop if (stored) noteBlock($$);
gateway/src/handlers/unblock.ts removeBlock
  I8 anybody takes a block back by its proof
    $A || claims.by !== session.subject ~> $A
  gateway/test/unblock.test.ts a block is told to be taken back before that is on disk
    forgetBlock($$) ~> send(context, session, 'block.removed', { id })
gateway/src/handlers/report.ts settleReport
  I8 a report that the disk refused is acknowledged
    if (stored) $A; else $B; ~> $A
gateway/src/handlers/report.ts findReceipt
  I8,GW-2 a receipt is good for anybody
    $A || holderOf($$)?.subject !== session.subject ~> $A
gateway/src/handlers/report.ts createReport
  I8 a report is of the reporter
    { ...$A, ...across } ~> { ...$A, ...across, of: session.subject }
  I8 a report is taken for its first every time
    drop context.reports.begin($$);
gateway/src/handlers/report.ts checkLines
  I8 a date that jumps makes the lines of a live call worthless
    !isLive && $A ~> $A
  I8 a report takes lines that nobody said
    if (isForged($$)) $A; else if ($B) $C; ~> if (line.text === '' && $B) $C
  gateway/test/report-lines.test.ts to make lines up costs nothing
    isForged($$) ~> false
  I8 a report takes lines with a gap
    before === null || $A ~> true
gateway/src/handlers/report.ts toRecord
  gateway/test/report.test.ts a report does not say that its lines were made up
    drop ...(isSaid ? {} : $A),
gateway/src/handlers/people.ts takePerson
  I8 a restarted node writes down again what a case has
    drop context.reports.replay($$);
gateway/src/context.ts takePendingWrite
  I10,I8 who waited for a record is kept
    drop this.#pendingWrites.delete($A);
gateway/src/context.ts mayHoldOffer
  gateway/test/search.test.ts offers are kept without end
    $A <= max ~> true
gateway/src/context.ts removeSearch
  I10 an offer is counted after its search
    drop this.#offerCharsBuffered -= $A;
gateway/src/gateway.ts connectionOpened
  I10 sockets are let in without end
    $A >= context.connectionsMax ~> false
gateway/src/expiring-map.ts forgetExpired
  gateway/test/expiring-map.test.ts what has expired is kept
    entry.untilMs > nowMs ~> entry.untilMs > 0
matchmaking/src/apart/meetings.ts forgetOld
  gateway/test/pair-ledger.test.ts encounters are kept for ever
    $A < this.#keptMs ~> true
matchmaking/src/apart/separations.ts #makeRoom
  gateway/test/apart.test.ts one person's blocks push out another's
    $A >= perPersonMax ~> false
gateway/src/expiring-map.ts set
  gateway/test/expiring-map.test.ts rewriting an entry does not make it the youngest
    drop this.#entries.delete(key);
gateway/src/online-count.ts tell
  gateway/test/call.test.ts the online count is sent every 50 ms
    Math.max(this.#nextRoundAtMs, $A) ~> $A
`;
