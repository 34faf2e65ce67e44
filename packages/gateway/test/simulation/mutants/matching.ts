/** Planted bugs in matching. */
export const MATCHING = `
matchmaking/src/eligibility.ts PAIR_RULES
  I2 two of one network meet where they may not
    $A.network !== null && $A.network === $B.network ~> false
  I2 nobody is kept from meeting again
    facts.metWithin($$) ~> false
  I2 two tabs of one device may meet
    $A.deviceKey === $B.deviceKey ~> false
  matchmaking/test/eligibility.test.ts communities may mix
    $A.community !== $B.community ~> false
matchmaking/src/crowds.ts #tableOf
  matchmaking/test/crowds.test.ts communities share the crowds of the open pool
    community === undefined ~> true
matchmaking/src/ticket.ts createTicket
  I15 a ticket names no community
    community !== undefined && meeting === undefined && $A ~> false
matchmaking/src/eligibility.ts fitMeeting
  I2 a private meeting joins users of any token
    one.key === other.key && $A ~> $A
matchmaking/src/widening.ts WISH_ROWS
  I2 the wish for a shared interest runs out
    ticket.onlyShared ? $A : $B ~> $B
  I3 a wish for a language never runs out
    schedule.languageHeldMs ~> Number.POSITIVE_INFINITY
matchmaking/src/widening.ts wishesHeld
  I3 wishes are held for ever
    countedMs < $A ~> $A > 0
matchmaking/src/exchange.ts fitExchange
  I17 both are helped who never agreed to help
    (oneLearns || one.helps) && $A ~> $A
  I17 users of an exchange meet any other
    $A && (oneLearns || otherLearns) ~> true
matchmaking/src/exchange.ts isMutual
  I17 one user's gain is enough before the widening
    learnsFrom(one, other) !== null && $A ~> true
gateway/src/matching.ts exchangeBetween
  I17 the users of an exchange are told the other's language
    { learners: [$A, $B] } ~> { learners: [$B, $A] }
matchmaking/src/interest.ts foldPart
  matchmaking/test/interest.test.ts capital letters make another interest
    text.toLowerCase().toUpperCase().toLowerCase() ~> text
matchmaking/src/crowd.ts easeIfQuiet
  matchmaking/test/hours.test.ts users in a round keep their wishes
    isInRounds ? 0 : schedule.quietHeldMs ~> schedule.quietHeldMs
matchmaking/src/hours.ts roundsAt
  I16,I3@12 users of a round gather without end
    $A < ROUND_GATHER_MS ~> true
matchmaking/src/crowds.ts enterRounds
  matchmaking/test/hour-crowd.test.ts a pool never ends the gathering
    rounds.filter(({ gathers }) => gathers) ~> rounds
matchmaking/src/crowds.ts #crowdsWithout
  matchmaking/test/hours.test.ts the gathering of a community stops every pool
    community === name ~> name !== null
matchmaking/src/due-wheel.ts #empty
  I3 whoever rests is not woken
    dueMs <= nowMs ~> dueMs < 0
cluster/src/pool-writer.ts #submit
  I10,I3 the writer of the pool forgets whose a ticket is
    guest.tickets.set(ticket.id, ticket.subject) ~> undefined
cluster/src/broker-matchmaker.ts widen
  I3 widening does not reach the broker
    drop this.#send($$);
cluster/src/broker-matchmaker.ts #open
  I3,I16 a node does not hear of a new writer
    drop this.#listener?.epochChanged($$);
cluster/src/direct-matchmaker.ts attach
  I3 a node that calls its pool directly does not learn the epoch
    drop this.#queue.push($$);
cluster/src/direct-matchmaker.ts widen
  I3 widening does not reach the pool that is called directly
    drop this.#queue.push($$);
cluster/src/direct-matchmaker.ts withdraw
  I10,I3 a pool that is called directly keeps what was withdrawn
    drop this.#queue.push($$);
cluster/src/node-turns.ts tick
  I3,I16 the pool has no turn
    drop pool.tick(now);
  I10,I4 what is due is never done
    drop gateway.tick(now);
gateway/src/context.ts renewTicket
  I2,I3 a search goes on as from the network that it began in
    { ...search.ticket, id, network, ...$A } ~> { ...search.ticket, id }
gateway/src/matching.ts openMatch
  I1 one person has both places in a call
    sendMatch($$) ~> sendMatch(context, call, { ...seat, session: sessions[0] }, search, proposal, offer)
  I1 one of two people is told of their match
    sendMatch(context, call, seat, search, $A, $B) ~> at === 0 && sendMatch(context, call, seat, search, $A, $B)
  I4,I1 a search stays open after its match
    context.removeSearch(search) ~> search !== searches[0] && context.removeSearch(search)
  I7 the pre-made offer of the wrong search is given on
    searches[offererAt] ~> searches[1 - offererAt]
gateway/src/matching.ts onEpochChanged
  I3 a new writer of the pool is not told who waits
    drop if ($A) submitSearch($$);
gateway/src/facts.ts defer
  I13 a search does not wait for what the store knows
    if (session.isRead) return false; ~> return false;
gateway/src/session-life.ts openSession
  I13 whoever comes counts as known
    context.ports.people.arrived(session) ~> true
gateway/src/handlers/people.ts takePerson
  gateway/test/facts.test.ts whom the store refuses as a minor is not told
    drop for (const each of refused) refuseForAge(context, each);
gateway/src/pair-ledger.ts load
  gateway/test/pair-ledger.test.ts a removed block returns with an older read
    $A || !this.#removed.has($B) ~> true
  I2 a block is forgotten with the run
    drop this.#apply($$);
gateway/src/handlers/ticket.ts refusalOf
  assertion,I1 who is in a call may search
    if ($A) return 'in-a-call'; ~> if ($A) session.apply({ event: 'ended' });
  I9 who may only write searches by video
    context.standingOf(session).may !== 'meet' ~> context.standingOf(session).may === 'nothing'
gateway/src/matching.ts mayStillMeet
  gateway/test/matching.test.ts a node confirms a match across communities
    one.community !== other.community ~> false
gateway/src/community-door.ts communityRefusal
  gateway/test/community.test.ts a pass works on every device
    pass.device === device ~> true
gateway/src/community-door.ts endClosedSearches
  gateway/test/community.test.ts a closed community keeps its searches
    drop refuseSearch($$);
gateway/src/handlers/ticket.ts admit
  I2 what is known of a person does not reach their search
    context.ports.circles.placeOf($$) ~> { tier: 'new' as const, circle: 'normal' as const }
gateway/src/handlers/ticket.ts widenSearch
  I3 widening does not reach the pool
    drop context.ports.matchmaker.widen($$);
gateway/src/handlers/age.ts declareAge
  I2 a minor's word is not remembered
    drop refuseAge(context, session, monotonicMs);
gateway/src/handlers/age.ts refuseAge
  gateway/test/age.test.ts a new cookie is enough to be no minor
    drop context.ageRefusals.set(device, true, nowMs);
gateway/src/handlers/age.ts endForMinor
  I4 a minor goes on with the call
    drop endActivity(context, session, 'goes');
gateway/src/session-life.ts activate
  I3 a search does not come back with its socket
    drop if ($A) resubmitSearch($$);
gateway/src/session-life.ts detachSession
  I10,I1,I3,I4 a search that lost its socket stays in the pool
    drop if ($A) parkSearch($$);
gateway/src/searches.ts endSearch
  I10,I3 a search that is over stays in the pool
    drop context.ports.matchmaker.withdraw($$);
matchmaking/src/apart/apart.ts keptApart
  I2 a new browser on the network of a blocked person meets the author
    $A || this.#isNear(a, b) || this.#isNear(b, a) ~> $A
  I2 a network is looked at from one side
    $A || this.#isNear(a, b) || this.#isNear(b, a) ~> $A || this.#isNear(a, b)
matchmaking/src/apart/separations.ts #take
  I2 a new cookie ends a block
    device !== null ~> false
matchmaking/src/apart/separations.ts add
  gateway/test/simulation/found.test.ts a later report of a pair names no device
    drop this.#repeat($$);
matchmaking/src/apart/meetings.ts namesMet
  I2 a new cookie ends a cool-down
    [subjects, [a.device, b.device]] ~> [subjects]
matchmaking/src/score.ts countedInterests
  matchmaking/test/presence.test.ts a rare interest is named to strangers
    isRareIgnored ? $A : $B ~> $B
gateway/src/session-life.ts openSession
  gateway/test/apart.test.ts nobody is ever known
    drop context.ports.pairs.see($$);
gateway/src/pair-ledger.ts #apply
  I2 a report does not block
    'report' ~> 'nothing'
  I2 a restarted node lets meet whom a report that a case has keeps apart
    'reported' ~> 'nothing'
gateway/src/calls.ts endCall
  I2 the cool-down counts from the beginning of a call
    drop recordEncounter($$);
gateway/src/calls.ts recordEncounter
  I2 a restarted node has forgotten who met whom
    drop context.append(record);
gateway/src/expiring-map.ts trustedAgeMs
  I2,I8 a date that jumps ends the cool-down
    Math.min($$) ~> nowWallMs === atWallMs ? 0 : lifetimeMs
`;
