import { readMutants } from '@farandole/e2e/planting/mutant';

/** Planted bugs in the shipped machine, each with the rules of which one breaks first. */
export const MUTANTS = readMutants(
  `
shield-machine.ts opened
  SH-11 two clean looks are enough
    state.clean < CLEAN_SAMPLES ~> state.clean < CLEAN_SAMPLES - 1
  SH-11 a clean stranger is shown without consent
    $A || !state.consent ~> $A
  SH-22,SH-11 consent opens on looks that are too old
    $A || nowMs - state.seenAtMs >= STALE_AFTER_MS ~> $A
shield-machine.ts shieldTransition
  SH-17 what is left goes on
    drop if (state.state === 'left') return state;
  SH-20 a classifier that crashed in a clear call is not missed
    unavailable(state, event.why) ~> isOpen(state) ? state : unavailable(state, event.why)
  SH-16,SH-11 a hidden page may open
    event.looking && !state.hidden ~> event.looking
  SH-23 a picture that is gone stays open
    isOpen(state) || state.state === 'covered' ~> state.state === 'covered'
  SH-13,SH-11 Resume works where the operator forbids it
    $A || !rules.mayResume ~> $A
  SH-13,SH-11 Resume works from anywhere
    state.state !== 'flagged' ~> state.state === 'loading'
  SH-20 trying again takes up where it stopped
    { $$, state: 'loading', recent: [], clean: 0, late: 0 } ~> { ...baseOf(state), state: 'covered', unsure: 0 }
shield-machine.ts verdict
  SH-12,SH-11,SH-14 clothed skin counts as explicit
    explicitnessOf(scores) ~> explicitnessOf(scores) + scores.sexy * 0.9
  SH-11,SH-14,SH-15 a look that is not clean does not begin the count anew
    isClean ? $A : 0 ~> isClean ? $A : before.clean
  SH-12 whoever is shown is not flagged any more
    state.state === 'covered' || state.state === 'clear' ~> state.state === 'covered'
  SH-14 the moment that was resumed flags again
    state.state === 'covered' || state.state === 'clear' ~> state.state !== 'loading' && state.state !== 'unavailable'
  SH-21 a slow device is never called slow
    drop if (state.late >= LATE_VERDICTS_MAX) $A;
  SH-21 a late verdict leaves the picture open
    isFresh ? $A : recovered(state) ~> isFresh ? $A : state
  SH-13 clean looks lift a flag
    case 'loading': ~> case 'flagged': return state.clean >= CLEAN_SAMPLES ? { ...baseOf(state), state: 'covered', unsure: 0 } : state; case 'loading':
shield-machine.ts measured
  SH-20 a classifier that crashed comes back by itself
    drop if (state.why !== 'too-slow') return state;
  SH-24 a slow look does not begin the count of fast ones anew
    $A ? state.swift + 1 : 0 ~> $A ? state.swift + 1 : state.swift
  SH-24 a device that was too slow never comes back
    swift < SWIFT_SAMPLES ? $A : $B ~> $A
  SH-24 one fast look is enough of a device that was too slow
    swift < SWIFT_SAMPLES ~> swift < SWIFT_SAMPLES - 1
  SH-11,SH-15,SH-12 what was seen by a slow device counts when it keeps up
    covered(state, nowMs) ~> { ...baseOf(state), state: 'covered', unsure: 0 }
shield-machine.ts settled
  SH-12 nobody is asked about what stays unsure
    drop if (unsure >= UNSURE_SAMPLES) $A;
  SH-14 who was resumed is never as before again
    state.clean >= CLEAN_SAMPLES ? $A : state ~> state
shield-machine.ts isExplicit
  SH-12 a flag needs the last look alone
    drop if (recent.length < SMOOTHED_SAMPLES) return false;
  SH-12 a flag needs more than the threshold allows
    $A >= explicitAt ~> $A >= explicitAt + 0.2
shield-machine.ts recovered
  SH-11,SH-15 clean looks of before a long silence still count
    drop clean: 0,
shield-machine.ts consented
  SH-15,SH-11 covering by hand does not cover
    consent || !isOpen(next) ~> true
  SH-15,SH-11 covering by hand forgets that all was clean
    unsure: 0, ~> clean: 0, unsure: 0
shield-machine.ts hide
  SH-16,SH-11 a hidden page goes on showing
    mayBeShown ? $A : next ~> next
shield-machine.ts tick
  SH-21 a classifier that falls silent is not noticed while nobody is shown
    state.state === 'covered' && unseenMs >= $A ~> state.state === 'loading' && unseenMs >= $A
  SH-22 a classifier that falls silent is not noticed while somebody is shown
    isOpen(state) || $A ~> $A
  SH-11,SH-22,SH-15 what was clean once stays clean while nothing is seen
    isOpen(state) || $A ~> isOpen(state)
`,
  'apps/web/src/shield/',
);
