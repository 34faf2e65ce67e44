import type { Rule } from './oracle.ts';

/** A planted bug in the shipped machine and the rules that it breaks. */
export interface Mutant {
  readonly name: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Rules that may break first, depending on chance. */
  readonly killedBy: readonly Rule[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'two clean looks are enough',
    find: 'if (state.clean < CLEAN_LOOKS || !state.consent',
    replace: 'if (state.clean < CLEAN_LOOKS - 1 || !state.consent',
    killedBy: ['SH-11'],
  },
  {
    name: 'a clean stranger is shown without consent',
    find: ' || !state.consent) return state;',
    replace: ') return state;',
    killedBy: ['SH-11'],
  },
  {
    name: 'a hidden page may open',
    find: 'event.looking && !state.hidden ? nowMs : null',
    replace: 'event.looking ? nowMs : null',
    killedBy: ['SH-16', 'SH-11'],
  },
  {
    name: 'a look that is not clean does not begin the count anew',
    find: 'clean: isClean ? Math.min(before.clean + 1, CLEAN_LOOKS) : 0,',
    replace: 'clean: isClean ? Math.min(before.clean + 1, CLEAN_LOOKS) : before.clean,',
    killedBy: ['SH-11', 'SH-14', 'SH-15'],
  },
  {
    name: 'clean looks of before a long silence still count',
    find: "return { ...baseOf(state), state: 'covered', clean: 0, unsure: 0 };",
    replace: "return { ...baseOf(state), state: 'covered', unsure: 0 };",
    killedBy: ['SH-11', 'SH-15'],
  },
  {
    name: 'a flag needs the last look alone',
    find: 'if (recent.length < SMOOTHED_LOOKS) return false;',
    replace: '',
    killedBy: ['SH-12'],
  },
  {
    name: 'a flag needs more than the threshold allows',
    find: '/ recent.length >= explicitAt',
    replace: '/ recent.length >= explicitAt + 0.2',
    killedBy: ['SH-12'],
  },
  {
    name: 'clothed skin counts as explicit',
    find: 'const explicit = explicitnessOf(scores);',
    replace: 'const explicit = explicitnessOf(scores) + scores.sexy * 0.9;',
    killedBy: ['SH-12', 'SH-11', 'SH-14'],
  },
  {
    name: 'whoever is shown is not flagged any more',
    find: "const mayFlag = state.state === 'covered' || state.state === 'clear';",
    replace: "const mayFlag = state.state === 'covered';",
    killedBy: ['SH-12'],
  },
  {
    name: 'the moment that was resumed flags again',
    find: "const mayFlag = state.state === 'covered' || state.state === 'clear';",
    replace: "const mayFlag = state.state !== 'loading' && state.state !== 'unavailable';",
    killedBy: ['SH-14'],
  },
  {
    name: 'clean looks lift a flag',
    find: "      return measured(state, takenAtMs, nowMs);\n    case 'loading':\n    case 'flagged':\n",
    replace:
      "      return measured(state, takenAtMs, nowMs);\n    case 'flagged':\n      return state.clean >= CLEAN_LOOKS ? { ...baseOf(state), state: 'covered', unsure: 0 } : state;\n    case 'loading':\n",
    killedBy: ['SH-13'],
  },
  {
    name: 'Resume works where the operator forbids it',
    find: ' || state.hidden || !rules.mayResume) return state;',
    replace: ' || state.hidden) return state;',
    killedBy: ['SH-13', 'SH-11'],
  },
  {
    name: 'Resume works from anywhere',
    find: "if (state.state !== 'flagged' || state.hidden",
    replace: "if (state.state === 'loading' || state.hidden",
    killedBy: ['SH-13', 'SH-11'],
  },
  {
    name: 'who was resumed is never as before again',
    find: "return state.clean >= CLEAN_LOOKS ? { ...baseOf(state), state: 'clear' } : state;",
    replace: 'return state;',
    killedBy: ['SH-14'],
  },
  {
    name: 'covering by hand does not cover',
    find: 'if (consent || !isOpen(next)) return next;',
    replace: 'return next;',
    killedBy: ['SH-15', 'SH-11'],
  },
  {
    name: 'covering by hand forgets that all was clean',
    find: "return { ...baseOf(next), state: 'covered', unsure: 0 };\n}\n\nfunction hide",
    replace:
      "return { ...baseOf(next), state: 'covered', clean: 0, unsure: 0 };\n}\n\nfunction hide",
    killedBy: ['SH-15', 'SH-11'],
  },
  {
    name: 'a hidden page goes on showing',
    find: 'return mayBeShown ? { ...recovered(next), recent: [] } : next;',
    replace: 'return next;',
    killedBy: ['SH-16', 'SH-11'],
  },
  {
    name: 'what is left goes on',
    find: "if (state.state === 'left') return state;\n  switch (event.event) {",
    replace: 'switch (event.event) {',
    killedBy: ['SH-17'],
  },
  {
    name: 'a classifier that crashed in a clear call is not missed',
    find: 'return unavailable(state, event.why);',
    replace: 'return isOpen(state) ? state : unavailable(state, event.why);',
    killedBy: ['SH-20'],
  },
  {
    name: 'trying again takes up where it stopped',
    find: "? { ...baseOf(state), state: 'loading', recent: [], clean: 0, late: 0 }",
    replace: "? { ...baseOf(state), state: 'covered', unsure: 0 }",
    killedBy: ['SH-20'],
  },
  {
    name: 'a slow device is never called slow',
    find: "if (state.late >= LATE_VERDICTS_MAX) return unavailable(state, 'too-slow');",
    replace: '',
    killedBy: ['SH-21'],
  },
  {
    name: 'a late verdict leaves the picture open',
    find: 'return isFresh ? settled(state, isClean, nowMs) : recovered(state);',
    replace: 'return isFresh ? settled(state, isClean, nowMs) : state;',
    killedBy: ['SH-21'],
  },
  {
    name: 'a classifier that falls silent is not noticed while somebody is shown',
    find: "const mayForget = isOpen(state) || (state.state === 'covered' && state.clean > 0);",
    replace: "const mayForget = state.state === 'covered' && state.clean > 0;",
    killedBy: ['SH-22'],
  },
  {
    name: 'what was clean once stays clean while nothing is seen',
    find: "const mayForget = isOpen(state) || (state.state === 'covered' && state.clean > 0);",
    replace: 'const mayForget = isOpen(state);',
    killedBy: ['SH-11', 'SH-22', 'SH-15'],
  },
  {
    name: 'consent opens on looks that are too old',
    find: 'if (state.seenAtMs === null || nowMs - state.seenAtMs >= STALE_AFTER_MS) return state;',
    replace: 'if (state.seenAtMs === null) return state;',
    killedBy: ['SH-22', 'SH-11'],
  },
  {
    name: 'a device that was too slow never comes back',
    find: 'return swift < SWIFT_LOOKS ? { ...state, swift } : covered(state, nowMs);',
    replace: 'return { ...state, swift };',
    killedBy: ['SH-24'],
  },
  {
    name: 'one fast look is enough of a device that was too slow',
    find: 'return swift < SWIFT_LOOKS ?',
    replace: 'return swift < SWIFT_LOOKS - 1 ?',
    killedBy: ['SH-24'],
  },
  {
    name: 'a slow look does not begin the count of fast ones anew',
    find: '<= SWIFT_VERDICT_MS ? state.swift + 1 : 0;',
    replace: '<= SWIFT_VERDICT_MS ? state.swift + 1 : state.swift;',
    killedBy: ['SH-24'],
  },
  {
    name: 'what was seen by a slow device counts when it keeps up',
    find: '{ ...state, swift } : covered(state, nowMs);',
    replace: "{ ...state, swift } : { ...baseOf(state), state: 'covered', unsure: 0 };",
    killedBy: ['SH-11', 'SH-15', 'SH-12'],
  },
  {
    name: 'a classifier that crashed comes back by itself',
    find: "if (state.why !== 'too-slow') return state;",
    replace: '',
    killedBy: ['SH-20'],
  },
  {
    name: 'a classifier that falls silent is not noticed while nobody is shown',
    find: "if (state.state === 'covered' && unseenMs >= TOO_SLOW_AFTER_MS) {",
    replace: "if (state.state === 'loading' && unseenMs >= TOO_SLOW_AFTER_MS) {",
    killedBy: ['SH-21'],
  },
  {
    name: 'a picture that is gone stays open',
    find: "return isOpen(state) || state.state === 'covered' ? covered(state, nowMs) : state;",
    replace: "return state.state === 'covered' ? covered(state, nowMs) : state;",
    killedBy: ['SH-23'],
  },
  {
    name: 'nobody is asked about what stays unsure',
    find: "if (unsure >= UNSURE_LOOKS) return flagged(state, 'unsure', nowMs);",
    replace: '',
    killedBy: ['SH-12'],
  },
];
