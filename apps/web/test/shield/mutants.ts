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
  SH-17 the shield continues after the stranger left
    drop if (state.state === 'left') return state;
  SH-20 a classifier crash in a clear call is ignored
    unavailable(state, event.why) ~> isOpen(state) ? state : unavailable(state, event.why)
  SH-16,SH-11,SH-21 the shield opens on a hidden page
    event.sampling && !state.hidden ~> event.sampling
  SH-23 the shield stays open when the picture disappears
    isOpen(state) || state.state === 'covered' ~> state.state === 'covered'
  SH-13,SH-11 Resume works where the operator forbids it
    $A || !rules.mayResume ~> $A
  SH-13,SH-11 Resume works in every state
    state.state !== 'flagged' ~> state.state === 'loading'
  SH-20 a retry keeps the state from before the crash
    { $$, state: 'loading', recent: [], clean: 0, late: 0 } ~> { ...baseOf(state), state: 'covered', ...SURE }
  SH-12a Resume shows a picture that stays unsure
    state.state !== 'flagged' ~> state.state !== 'flagged' && !(state.state === 'covered' && state.unsureAtMs !== null)
shield-machine.ts resumed
  SH-14c any picture is shown after Resume on a clean picture
    state.clean >= CLEAN_SAMPLES ? $A : state.level ~> state.level
  SH-14,SH-14a,SH-14c any picture is shown after Resume
    state.clean >= CLEAN_SAMPLES ? $A : state.level ~> 1
  SH-14,SH-14c a sample from before Resume causes a flag after it
    { ...baseOf(state), $A: true, $B: nowMs, recent: [], clean: 0 } ~> { ...baseOf(state), consent: true, seenAtMs: nowMs, clean: 0 }
shield-machine.ts isFlag
  SH-12 a shown stranger is never flagged
    return isExplicit(state.recent, rules); ~> return state.state === 'covered' && isExplicit(state.recent, rules);
  SH-14 the resumed picture is flagged again at once
    return isFlagAgain(state, rules, nowMs); ~> return isExplicit(state.recent, rules);
  SH-14a,SH-14b,SH-14c no picture is flagged after Resume
    return isFlagAgain(state, rules, nowMs); ~> return false;
shield-machine.ts isFlagAgain
  SH-14a a score far above the resumed level is shown
    level + RESUMED_RISE ~> level + 2 * RESUMED_RISE
  SH-14a,SH-14b a single sample never causes a flag after Resume
    drop if ((recent.at(-1) ?? 0) >= level + RESUMED_RISE) return true;
  SH-14b two samples at the ceiling are shown after Resume
    recent.every((sample) => sample >= from) ~> false
  SH-14 one sample at the ceiling causes a flag after Resume
    recent.every($A) ~> recent.some($A)
  SH-14 a picture resumed at the ceiling is flagged again
    $A || isStillCertain(state, nowMs) ~> $A
shield-machine.ts suspiciousFrom
  SH-14b two samples well above the resumed level are shown
    Math.min(RESUMED_CEILING, level + RESUMED_RISE_OF_TWO) ~> RESUMED_CEILING
shield-machine.ts isStillCertain
  SH-14b Resume at the ceiling never expires
    $A && !isOver ~> $A
  SH-14 Resume at the ceiling expires too early
    RESUMED_CERTAIN_MS ~> RESUMED_CERTAIN_MS / 4
  SH-14b clean samples never end the effect of Resume at the ceiling
    state.certain && state.clean < SMOOTHED_SAMPLES ~> state.certain
  SH-14 one clean sample ends the effect of Resume
    state.clean < SMOOTHED_SAMPLES ~> state.clean < 1
shield-machine.ts verdict
  SH-12,SH-11,SH-14,SH-14a,SH-14b,SH-21 clothed skin counts as explicit
    explicitnessOf(scores) ~> explicitnessOf(scores) + scores.sexy * 0.9
  SH-11,SH-14,SH-15 an unsure sample keeps the count of clean samples
    isClean ? $A : 0 ~> isClean ? $A : before.clean
  SH-21 a slow device is never reported as too slow
    drop if (state.late >= LATE_VERDICTS_MAX) $A;
  SH-21 a late sample leaves the stranger shown
    isFresh ? $A : recovered(state) ~> isFresh ? $A : state
  SH-13 clean samples end a flag
    return { ...state, certain: isStillCertain(state, nowMs) }; ~> return state.clean >= CLEAN_SAMPLES ? { ...baseOf(state), state: 'covered', ...SURE } : state;
shield-machine.ts measured
  SH-20 a crashed classifier recovers without a retry
    drop if (state.why !== 'too-slow') return state;
  SH-24 a slow sample keeps the count of fast samples
    $A ? state.swift + 1 : 0 ~> $A ? state.swift + 1 : state.swift
  SH-24 a device that was too slow never recovers
    swift < SWIFT_SAMPLES ? $A : $B ~> $A
  SH-24 a device that was too slow recovers after one fast sample
    swift < SWIFT_SAMPLES ~> swift < SWIFT_SAMPLES - 1
  SH-11,SH-15,SH-12 samples of a slow device count after it recovers
    covered(state, nowMs) ~> { ...baseOf(state), state: 'covered', ...SURE }
shield-machine.ts settled
  SH-12a a picture that stays unsure is never reported as unsure
    unsure >= UNSURE_SAMPLES ? $A : null ~> null
  SH-12a a picture is reported as unsure one sample too early
    unsure >= UNSURE_SAMPLES ~> unsure >= UNSURE_SAMPLES - 1
  SH-14d clean samples never end the resumed state
    drop if (state.clean >= CLEAN_SAMPLES) return $A;
  SH-14d one clean sample ends the resumed state
    state.clean >= CLEAN_SAMPLES ~> state.clean > 0
shield-machine.ts isExplicit
  SH-12 a single sample causes a flag
    drop if (recent.length < SMOOTHED_SAMPLES) return false;
  SH-12 a flag needs a mean well above the threshold
    $A >= explicitAt ~> $A >= explicitAt + 0.2
shield-machine.ts recovered
  SH-11,SH-15 clean samples from before a long silence still count
    drop clean: 0,
shield-machine.ts consented
  SH-15,SH-11 the cover button leaves the stranger shown
    consent || !isOpen(next) ~> true
  SH-15,SH-11 the cover button resets the count of clean samples
    { ...baseOf(next), state: 'covered', ...SURE } ~> { ...baseOf(next), state: 'covered', clean: 0, ...SURE }
shield-machine.ts hide
  SH-16,SH-11 the stranger is shown on a hidden page
    mayBeShown ? $A : next ~> next
shield-machine.ts tick
  SH-21 a silent classifier goes unnoticed while the stranger is covered
    state.state === 'covered' && unseenMs >= $A ~> state.state === 'loading' && unseenMs >= $A
  SH-22 a silent classifier goes unnoticed while the stranger is shown
    isOpen(state) || $A ~> $A
  SH-11,SH-22,SH-15 clean samples never expire while the stranger is covered
    isOpen(state) || $A ~> isOpen(state)
shield-view.ts shieldViewOf
  SH-12a the page offers Resume for a picture that stays unsure
    mayResume && why !== 'unsure' ~> mayResume
  SH-12a the page hides that the shield is unsure
    drop if (state.unsureAtMs !== null) return view('flagged', 'unsure');
  SH-14e the page leaves an overridden flag unmarked
    return view(state.state); ~> return view(state.state === 'resumed' ? 'shown' : state.state);
  SH-14e the mark of an overridden flag stays on a clean picture
    return view('shown'); ~> return view('resumed');
sampling.ts pauseAfterSample
  SH-30a the pause is constant
    between(SAMPLE_PAUSE_MIN_MS, $A, unit) ~> 850
  SH-30a the pause has almost no randomness
    between(SAMPLE_PAUSE_MIN_MS, $A, unit) ~> between(SAMPLE_PAUSE_MAX_MS - 100, $A, unit)
  SH-30a the pause is sometimes too long
    between(SAMPLE_PAUSE_MIN_MS, SAMPLE_PAUSE_MAX_MS, unit) ~> between(SAMPLE_PAUSE_MIN_MS, 1_160, unit)
  SH-30c the pause after a suspicious sample is constant
    between(SECOND_SAMPLE_MIN_MS, $A, unit) ~> 120
  SH-30c the pause after a suspicious sample is always short
    unit() < SECOND_SAMPLE_SOON ~> true
sampling.ts constructor
  SH-32a each call starts with the middle part
    shuffled(PARTS, unit) ~> PARTS
sampling.ts redraw
  SH-32a the order stays the same after a suspicious sample
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
  SH-32 a part that stays suspicious keeps the others from being sampled
    pace === 'again' && !sample.isSecond ~> pace === 'again'
sampler.ts #sampleOnce
  SH-32b the classifier gets every sample plain
    classify(frame, pose) ~> classify(frame, 'plain')
`,
  'apps/web/src/shield/',
);
