/** Planted bugs in the filter for addresses in descriptions and candidates. */
export const SIGNALS = `
gateway/src/signal-policy/policy.ts judgeCandidate
  SP-42 a port of a system service passes
    port < CANDIDATE_PORT_MIN ~> false
  SP-42 any name passes
    MDNS_NAME.test(candidate.address) ~> candidate.address !== ''
  SP-42 any host address passes
    $A && policy.hostAddresses.has(address.text) ~> $A
  SP-42@4 names pass where only relays may
    policy.hostAddresses === null ~> policy.hostAddresses === null && address !== null
  SP-42@4 reflexive addresses pass where only relays may
    !policy.allowsSrflx ~> false
  SP-42 any reflexive address passes
    classifyAddress(address) !== 'global' ~> false
  SP-42 any relay passes
    $A || !policy.relayAddresses.has(address.text) ~> $A
gateway/src/signal-policy/policy.ts hostAddressesOf
  SP-42 a proxy's loopback is the person's
    classifyAddress(address) === 'loopback' ~> false
gateway/src/signal-policy/candidate.ts serializeCandidate
  SP-42 a related address is given on
    ' raddr 0.0.0.0 rport 0' ~> ''
gateway/src/signal-policy/candidate-gate.ts pass
  gateway/test/signal-policy/candidate-gate.test.ts candidates pass without end
    this.#passed.length >= $A ~> false
  gateway/test/signal-policy/candidate-gate.test.ts reflexive addresses pass without end
    passed >= $A ~> false
gateway/src/signal-policy/sdp.ts parseSections
  SP-42 the address in an origin is the browser's
    ORIGIN.exec(originLine)?.[1] ~> originLine.slice(4)
gateway/src/signal-policy/sdp.ts filterCandidates
  SP-42,protocol a candidate in a description passes as it came
    if (passed.ok) $A ~> if (passed.ok) return line;
gateway/src/signal-policy/sdp.ts rewriteAttribute
  SP-42 an unknown attribute passes
    if (rule === undefined || $A) return null; ~> if (rule === undefined || $A) return line;
gateway/src/handlers/media.ts consentToDirect
  SP-42@21 what was allowed stays allowed
    call.isDirectAgreed !== wasAgreed ~> call.isDirectAgreed && !wasAgreed
gateway/src/call.ts isDirectAgreed
  SP-42@4 one side alone decides on a direct connection
    this.seats.every($A) ~> this.seats.some($A)
gateway/src/calls.ts policyOf
  SP-42@4 a direct connection needs nobody's consent
    call.isDirectAgreed ~> true
gateway/src/calls.ts moveGate
  SP-42 who moves may still be where they were
    drop at.gate?.changePolicy($$);
gateway/src/handlers/signal.ts relayAnswer
  gateway/test/signal.test.ts an answer needs no offer
    inCall.call.seat(inCall.seat).others.some(({ hasOffered }) => hasOffered) ~> true
`;
