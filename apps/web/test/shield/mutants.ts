import { readMutants } from '@farandole/e2e/planting/mutant';

/** Bugs planted in the shipped shield, each with the rules that it can break first. */
export const MUTANTS = readMutants(
  `
shield-machine.ts opened
  SH-11 two clean samples are enough
    state.clean < CLEAN_SAMPLES ~> state.clean < CLEAN_SAMPLES - 1
  SH-11 a clean stranger is shown without consent
    $A || !state.consent ~> $A
  SH-22,SH-11 consent opens on samples that are too old
    $A || nowMs - state.seenAtMs >= STALE_AFTER_MS ~> $A
shield-machine.ts shieldTransition
  SH-17 what is left goes on
    drop if (state.state === 'left') return state;
  SH-20 a classifier that crashed in a clear call is not missed
    unavailable(state, event.why) ~> isOpen(state) ? state : unavailable(state, event.why)
  SH-16,SH-11,SH-21 a hidden page may open
    event.sampling && !state.hidden ~> event.sampling
  SH-23 a picture that is gone stays open
    isOpen(state) || state.state === 'covered' ~> state.state === 'covered'
  SH-13,SH-11 Resume works where the operator forbids it
    $A || !rules.mayResume ~> $A
  SH-13,SH-11 Resume works from anywhere
    state.state !== 'flagged' ~> state.state === 'loading'
  SH-20 trying again takes up where it stopped
    { $$, state: 'loading', recent: [], clean: 0, late: 0 } ~> { ...baseOf(state), state: 'covered', ...SURE }
  SH-12a Resume shows a picture that stays unsure
    state.state !== 'flagged' ~> state.state !== 'flagged' && !(state.state === 'covered' && state.unsureAtMs !== null)
shield-machine.ts resumed
  SH-14c a picture that was clean at Resume may be followed by any other
    state.clean >= CLEAN_SAMPLES ? $A : state.level ~> state.level
  SH-14,SH-14a,SH-14c Resume lasts for whatever follows
    state.clean >= CLEAN_SAMPLES ? $A : state.level ~> 1
  SH-14,SH-14c a sample before Resume flags after it
    { ...baseOf(state), $A: true, $B: nowMs, recent: [], clean: 0 } ~> { ...baseOf(state), consent: true, seenAtMs: nowMs, clean: 0 }
shield-machine.ts isFlag
  SH-12 a shown stranger is not flagged any more
    return isExplicit(state.recent, rules); ~> return state.state === 'covered' && isExplicit(state.recent, rules);
  SH-14 the moment that was resumed flags again
    return isFlagAgain(state, rules); ~> return isExplicit(state.recent, rules);
  SH-14a,SH-14b,SH-14c nothing flags after Resume
    return isFlagAgain(state, rules); ~> return false;
shield-machine.ts isFlagAgain
  SH-14a a score far above the resumed level is shown
    level + RESUMED_RISE ~> level + 2 * RESUMED_RISE
  SH-14a,SH-14b only two samples flag after Resume
    drop if ((recent.at(-1) ?? 0) >= level + RESUMED_RISE) return true;
  SH-14b two samples at the ceiling are shown after Resume
    recent.every((sample) => sample >= RESUMED_CEILING) ~> false
  SH-14 one sample at the ceiling flags after Resume
    recent.every($A) ~> recent.some($A)
  SH-14 a picture resumed at the ceiling flags again
    certain || $A ~> $A
shield-machine.ts isStillCertain
  SH-14b a picture resumed at the ceiling may be followed by a clean one and any other
    certain && clean < SMOOTHED_SAMPLES ~> certain
  SH-14 one clean sample ends what Resume lasts for
    clean < SMOOTHED_SAMPLES ~> clean < 1
shield-machine.ts verdict
  SH-12,SH-11,SH-14,SH-14a,SH-14b,SH-21 clothed skin counts as explicit
    explicitnessOf(scores) ~> explicitnessOf(scores) + scores.sexy * 0.9
  SH-11,SH-14,SH-15 a sample that is not clean does not begin the count anew
    isClean ? $A : 0 ~> isClean ? $A : before.clean
  SH-21 a slow device is never called slow
    drop if (state.late >= LATE_VERDICTS_MAX) $A;
  SH-21 a late verdict leaves the picture open
    isFresh ? $A : recovered(state) ~> isFresh ? $A : state
  SH-13 clean samples lift a flag
    return { ...state, certain: isStillCertain(state) }; ~> return state.clean >= CLEAN_SAMPLES ? { ...baseOf(state), state: 'covered', ...SURE } : state;
shield-machine.ts measured
  SH-20 a classifier that crashed comes back by itself
    drop if (state.why !== 'too-slow') return state;
  SH-24 a slow sample does not begin the count of fast ones anew
    $A ? state.swift + 1 : 0 ~> $A ? state.swift + 1 : state.swift
  SH-24 a device that was too slow never comes back
    swift < SWIFT_SAMPLES ? $A : $B ~> $A
  SH-24 one fast sample is enough of a device that was too slow
    swift < SWIFT_SAMPLES ~> swift < SWIFT_SAMPLES - 1
  SH-11,SH-15,SH-12 what was seen by a slow device counts when it keeps up
    covered(state, nowMs) ~> { ...baseOf(state), state: 'covered', ...SURE }
shield-machine.ts settled
  SH-12a a picture that stays unsure is checked without a word
    unsure >= UNSURE_SAMPLES ? $A : null ~> null
  SH-12a a picture is called unsure one sample too early
    unsure >= UNSURE_SAMPLES ~> unsure >= UNSURE_SAMPLES - 1
  SH-14d a resumed stranger is never as before again
    drop if (state.clean >= CLEAN_SAMPLES) return $A;
  SH-14d one clean sample after Resume is enough
    state.clean >= CLEAN_SAMPLES ~> state.clean > 0
shield-machine.ts isExplicit
  SH-12 a flag needs the last sample alone
    drop if (recent.length < SMOOTHED_SAMPLES) return false;
  SH-12 a flag needs more than the threshold allows
    $A >= explicitAt ~> $A >= explicitAt + 0.2
shield-machine.ts recovered
  SH-11,SH-15 clean samples of before a long silence still count
    drop clean: 0,
shield-machine.ts consented
  SH-15,SH-11 covering by hand does not cover
    consent || !isOpen(next) ~> true
  SH-15,SH-11 covering by hand forgets that all was clean
    { ...baseOf(next), state: 'covered', ...SURE } ~> { ...baseOf(next), state: 'covered', clean: 0, ...SURE }
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
shield-view.ts shieldViewOf
  SH-12a the page offers Resume for what stays unsure
    mayResume && why !== 'unsure' ~> mayResume
  SH-12a the page hides that the shield is unsure
    drop if (state.unsureAtMs !== null) return view('flagged', 'unsure');
  SH-14e an overridden flag has no mark
    return view(state.state); ~> return view(state.state === 'resumed' ? 'shown' : state.state);
  SH-14e the mark of an overridden flag stays on a clean picture
    return view('shown'); ~> return view('resumed');
sampling.ts pauseAfterSample
  SH-30a the pause is constant
    unit() * $A ~> 0.85 * $A
  SH-30a the pause is hardly random
    SAMPLE_PAUSE_MIN_MS + $A ~> SAMPLE_PAUSE_MAX_MS - 100 * unit()
  SH-30a the pause is too long at times
    SAMPLE_PAUSE_MAX_MS - SAMPLE_PAUSE_MIN_MS ~> 1.3 * (SAMPLE_PAUSE_MAX_MS - SAMPLE_PAUSE_MIN_MS)
sampling.ts constructor
  SH-32a each call begins with the middle
    shuffled(PARTS, unit) ~> PARTS
sampling.ts redraw
  SH-32a a suspicious sample keeps the order
    shuffled(this.#parts.slice(0, -1), this.#unit) ~> this.#parts.slice(0, -1)
  SH-32 a part is left out after a suspicious sample
    [...shuffled(this.#parts.slice(0, -1), this.#unit), ...this.#parts.slice(-1)] ~> shuffled(this.#parts, this.#unit)
sampling.ts next
  SH-32b every sample is plain
    this.#changed ? $A : 'plain' ~> 'plain'
  SH-32b only the first sample is plain
    !this.#changed ~> true
sampling.ts CHANGED_POSES
  SH-32b no sample is turned
    ['mirrored', 'mirrored', 'turned-left', 'turned-right'] ~> ['mirrored']
sampler.ts #sample
  SH-32 the second sample is of another part
    isSecond ? shot : order.next() ~> order.next()
  SH-32 a part that stays suspicious hides the others
    pace === 'again' && !sample.isSecond ~> pace === 'again'
sampler.ts #sampleOnce
  SH-32b the classifier gets every sample plain
    classify(frame, pose) ~> classify(frame, 'plain')
`,
  'apps/web/src/shield/',
);
