import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SHIELD_DEFAULTS } from '@farandole/protocol/shield-rules';
import fc from 'fast-check';
import { CLEAN, EXPLICIT, explicit, UNSURE } from '../../src/fakes/fake-classifier.ts';
import {
  CLEAN_SAMPLES,
  LATE_VERDICTS_MAX,
  RESUMED_CERTAIN_MS,
  STALE_AFTER_MS,
  SWIFT_SAMPLES,
  SWIFT_VERDICT_MS,
  TOO_SLOW_AFTER_MS,
  UNSURE_SAMPLES,
  VERDICT_FRESH_MS,
} from '../../src/shield/limits.ts';
import { explicitnessOf, type Scores } from '../../src/shield/scores.ts';
import {
  deadlineOfShield,
  INITIAL_SHIELD_STATE,
  isOpen,
  maySample,
  paceOf,
  type ShieldEvent,
  type ShieldState,
  shieldTransition,
} from '../../src/shield/shield-machine.ts';
import { RULES } from './scenes.ts';

class Shield {
  state: ShieldState = INITIAL_SHIELD_STATE;
  nowMs: number;
  rules = RULES;

  constructor(nowMs = 5_000) {
    this.nowMs = nowMs;
  }

  take(...events: ShieldEvent[]): this {
    for (const event of events) {
      this.state = shieldTransition(this.state, event, this.nowMs, this.rules);
    }
    return this;
  }

  see(...samples: Scores[]): this {
    for (const scores of samples) {
      this.nowMs += 200;
      this.take({ event: 'verdict', scores, takenAtMs: this.nowMs - 50 });
    }
    return this;
  }

  pass(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** A shield whose classifier is ready and that receives a picture. */
  static sampling(nowMs?: number): Shield {
    return new Shield(nowMs).take(
      { event: 'classifier-ready' },
      { event: 'sampling', sampling: true },
    );
  }

  static clear(nowMs?: number): Shield {
    const shield = Shield.sampling(nowMs).take({ event: 'consent', consent: true });
    assert.equal(shield.see(CLEAN, CLEAN, CLEAN).state.state, 'clear');
    return shield;
  }

  static flagged(): Shield {
    const shield = Shield.clear().see(EXPLICIT, EXPLICIT);
    assert.equal(shield.state.state, 'flagged');
    return shield;
  }
}

describe('scores of a sample', () => {
  it('[SH-1] adds the scores of both explicit classes but not "Sexy"', () => {
    assert.ok(Math.abs(explicitnessOf(explicit(0.6)) - 0.6) < 1e-9);
    const skin = { drawing: 0, hentai: 0, neutral: 0, porn: 0, sexy: 1 };
    assert.equal(explicitnessOf(skin), 0);
    const shares = fc.record({
      explicit: fc.double({ min: 0, max: 1, noNaN: true }),
      split: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(shares, { maxLength: 12 }), (samples) => {
        // Both shields get the same explicit share of the scores. The rest is "Sexy" for one and
        // "Neutral" for the other.
        const one = Shield.clear();
        const other = Shield.clear();
        for (const { explicit: share, split } of samples) {
          const base = { hentai: share * split, porn: share * (1 - split), drawing: 0 };
          one.see({ ...base, sexy: 1 - share, neutral: 0 });
          other.see({ ...base, sexy: 0, neutral: 1 - share });
        }
        assert.equal(one.state.state, other.state.state);
      }),
    );
  });

  it('[SH-2] flags when the mean of two samples reaches the threshold', () => {
    assert.equal(Shield.clear().see(EXPLICIT).state.state, 'clear');
    assert.equal(Shield.sampling().see(EXPLICIT).state.state, 'covered');
    const at = RULES.explicitAt;
    assert.equal(Shield.clear().see(explicit(at), explicit(at)).state.state, 'flagged');
    assert.equal(Shield.clear().see(explicit(at), explicit(at - 0.01)).state.state, 'clear');
    assert.equal(Shield.clear().see(explicit(at - 0.2), explicit(at + 0.2)).state.state, 'flagged');
  });

  it("[SH-2] treats a sample with the threshold's score as not clean", () => {
    const at = explicit(RULES.cleanBelow);
    const below = explicit(RULES.cleanBelow - 0.01);
    const shield = Shield.sampling().take({ event: 'consent', consent: true });
    assert.equal(shield.see(below, below, at).state.state, 'covered');
    assert.equal(shield.see(below, below).state.state, 'covered');
    assert.equal(shield.see(below).state.state, 'clear');
    assert.equal(paceOf(Shield.clear().see(at).state, RULES), 'again');
    assert.equal(paceOf(Shield.clear().see(below).state, RULES), 'usual');
  });
});

describe('showing a stranger', () => {
  it('[SH-10] shows the stranger in exactly two states, never the initial one', () => {
    assert.ok(!isOpen(INITIAL_SHIELD_STATE));
    const open = [Shield.clear(), Shield.flagged().take({ event: 'resume' })];
    for (const { state } of open) assert.ok(isOpen(state), state.state);
    const closed = [
      Shield.sampling().see(CLEAN, CLEAN, CLEAN),
      Shield.flagged(),
      Shield.clear().take({ event: 'classifier-failed', why: 'crashed' }),
      Shield.clear().take({ event: 'leave' }),
    ];
    for (const { state } of closed) assert.ok(!isOpen(state), state.state);
  });

  it("[SH-11] waits for the third clean sample after the user's consent", () => {
    const shield = Shield.sampling().take({ event: 'consent', consent: true });
    assert.equal(shield.see(CLEAN, CLEAN).state.state, 'covered');
    assert.equal(shield.see(CLEAN).state.state, 'clear');
    assert.equal(CLEAN_SAMPLES, 3);
  });

  it("[SH-11] waits for the user's consent after three clean samples", () => {
    const shield = Shield.sampling().see(CLEAN, CLEAN, CLEAN, CLEAN);
    assert.equal(shield.state.state, 'covered');
    assert.equal(shield.take({ event: 'consent', consent: true }).state.state, 'clear');
  });

  it('[SH-12] covers the stranger on a flag, even before showing them', () => {
    assert.equal(Shield.clear().see(EXPLICIT, EXPLICIT).state.state, 'flagged');
    assert.equal(Shield.sampling().see(EXPLICIT, EXPLICIT).state.state, 'flagged');
  });

  it('[SH-12a] says that the shield is unsure only before showing the stranger', () => {
    const samples = Array.from({ length: UNSURE_SAMPLES - 1 }, () => UNSURE);
    const isUnsure = ({ state }: Shield): boolean =>
      state.state === 'covered' && state.unsureAtMs !== null;
    const shield = Shield.sampling().see(...samples);
    assert.ok(!isUnsure(shield));
    assert.equal(paceOf(shield.state, RULES), 'again');
    assert.ok(isUnsure(shield.see(UNSURE)));
    assert.equal(paceOf(shield.state, RULES), 'usual');
    assert.ok(isUnsure(shield.take({ event: 'resume' })), 'nothing to resume');
    assert.ok(!isUnsure(shield.see(CLEAN)));
    assert.equal(Shield.clear().see(...samples, UNSURE, UNSURE).state.state, 'clear');
  });

  it('[SH-12a, SH-11] shows an unsure stranger after clean samples and consent', () => {
    const samples = Array.from({ length: UNSURE_SAMPLES }, () => UNSURE);
    const shield = Shield.sampling().take({ event: 'consent', consent: true });
    assert.equal(shield.see(...samples).state.state, 'covered');
    assert.equal(shield.see(CLEAN, CLEAN).state.state, 'covered');
    assert.equal(shield.see(CLEAN).state.state, 'clear');
    assert.equal(Shield.sampling().see(...samples, EXPLICIT, EXPLICIT).state.state, 'flagged');
  });

  it('[SH-13] shows a flagged stranger only on Resume, if the operator allows', () => {
    const shield = Shield.flagged().see(CLEAN, CLEAN, CLEAN, CLEAN);
    assert.equal(shield.take({ event: 'consent', consent: true }).state.state, 'flagged');
    shield.rules = { ...RULES, mayResume: false };
    assert.equal(shield.take({ event: 'resume' }).state.state, 'flagged');
    shield.rules = RULES;
    assert.equal(shield.take({ event: 'resume' }).state.state, 'resumed');
  });

  /**
   * A shield that flagged a picture with this explicit score, after which the user pressed
   * Resume on that picture.
   */
  function resumedAt(level: number): Shield {
    const shield = Shield.clear().see(explicit(level), explicit(level));
    assert.equal(shield.state.state, 'flagged');
    return shield.take({ event: 'resume' });
  }

  it('[SH-14] keeps showing a picture whose score stays at the resumed level', () => {
    for (const level of [0.76, 0.85, 0.95]) {
      const samples = Array.from({ length: 50 }, (_, i) => explicit(level + (i % 3) * 0.02 - 0.02));
      assert.equal(resumedAt(level).see(...samples).state.state, 'resumed', String(level));
    }
  });

  it('[SH-14a] flags again when one sample is .15 above the resumed level', () => {
    assert.equal(resumedAt(0.76).see(explicit(0.9)).state.state, 'resumed');
    assert.equal(resumedAt(0.76).see(explicit(0.92)).state.state, 'flagged');
  });

  it('[SH-14b] flags again when two samples reach .9 from a lower level', () => {
    assert.equal(resumedAt(0.8).see(explicit(0.91)).state.state, 'resumed');
    assert.equal(paceOf(resumedAt(0.8).see(explicit(0.91)).state, RULES), 'again');
    assert.equal(paceOf(resumedAt(0.8).see(explicit(0.89)).state, RULES), 'usual');
    const between = [explicit(0.91), explicit(0.89), explicit(0.91)];
    assert.equal(resumedAt(0.8).see(...between).state.state, 'resumed');
    assert.equal(resumedAt(0.8).see(explicit(0.91), explicit(0.91)).state.state, 'flagged');
  });

  it('[SH-14b] flags again above .9 after two consecutive clean samples, not one', () => {
    const one = [EXPLICIT, CLEAN, EXPLICIT, EXPLICIT, CLEAN, EXPLICIT, EXPLICIT];
    const shield = resumedAt(0.95).see(...one);
    assert.equal(shield.state.state, 'resumed');
    shield.see(CLEAN, CLEAN, EXPLICIT);
    assert.deepEqual([shield.state.state, paceOf(shield.state, RULES)], ['resumed', 'again']);
    assert.equal(shield.see(EXPLICIT).state.state, 'flagged');
    // The two clean samples count even if they come while the stranger is covered.
    shield.see(CLEAN, CLEAN).take({ event: 'resume' }).see(EXPLICIT, EXPLICIT);
    assert.equal(shield.state.state, 'flagged');
  });

  it('[SH-14b] flags scores above .9 again 20 s after resuming such a picture', () => {
    const shield = resumedAt(0.95).see(explicit(0.99), explicit(0.99));
    const resumedAtMs = shield.nowMs - 400;
    shield.nowMs = resumedAtMs + RESUMED_CERTAIN_MS - 201;
    assert.equal(shield.see(explicit(0.99)).state.state, 'resumed');
    assert.equal(shield.see(explicit(0.89), explicit(0.89)).state.state, 'resumed');
    assert.equal(paceOf(shield.see(explicit(0.99)).state, RULES), 'again');
    assert.equal(shield.see(explicit(0.99)).state.state, 'flagged');
  });

  it('[SH-14b] flags again if two samples exceed the resumed level by .1', () => {
    const between = [explicit(0.87), explicit(0.85), explicit(0.87)];
    const shield = resumedAt(0.76).see(...between);
    assert.deepEqual([shield.state.state, paceOf(shield.state, RULES)], ['resumed', 'again']);
    assert.equal(shield.see(explicit(0.89)).state.state, 'flagged');
  });

  it('[SH-14c] flags by the usual threshold if the picture was clean at Resume', () => {
    const dull = explicit(RULES.explicitAt);
    const shield = Shield.flagged().see(CLEAN, CLEAN, CLEAN).take({ event: 'resume' });
    assert.equal(paceOf(shield.see(dull).state, RULES), 'again');
    assert.equal(shield.state.state, 'resumed');
    assert.equal(shield.see(dull).state.state, 'flagged');
    // Samples from before Resume don't count towards the next flag.
    const later = Shield.flagged().see(CLEAN, CLEAN, dull).take({ event: 'resume' });
    assert.equal(later.see(dull, dull).state.state, 'resumed');
  });

  it('[SH-14d] flags a resumed picture once, and a later picture again', () => {
    const shield = Shield.flagged().take({ event: 'resume' }).see(EXPLICIT, EXPLICIT, EXPLICIT);
    assert.equal(shield.state.state, 'resumed');
    assert.equal(shield.see(CLEAN, CLEAN).state.state, 'resumed');
    assert.equal(shield.see(CLEAN).state.state, 'clear');
    assert.equal(shield.see(EXPLICIT, EXPLICIT).state.state, 'flagged');
  });

  it("[SH-15] covers the stranger while the user's consent is withdrawn", () => {
    const shield = Shield.clear().take({ event: 'consent', consent: false });
    assert.equal(shield.state.state, 'covered');
    assert.equal(shield.see(CLEAN).take({ event: 'consent', consent: true }).state.state, 'clear');
    shield.take({ event: 'consent', consent: false }).see(UNSURE);
    assert.equal(shield.take({ event: 'consent', consent: true }).state.state, 'covered');
    const resumed = Shield.flagged().take({ event: 'resume' });
    assert.equal(resumed.take({ event: 'consent', consent: false }).state.state, 'covered');
  });

  it('[SH-16] covers the stranger while the page is hidden; samples on return', () => {
    const shield = Shield.clear().take({ event: 'hidden', hidden: true });
    assert.equal(shield.state.state, 'covered');
    assert.equal(shield.pass(60_000).take({ event: 'tick' }).state.state, 'covered');
    shield.take({ event: 'hidden', hidden: false }, { event: 'sampling', sampling: true });
    assert.equal(shield.see(CLEAN, CLEAN).state.state, 'covered');
    assert.equal(shield.see(CLEAN).state.state, 'clear');
  });

  it('[SH-17] ignores events after the stranger left', () => {
    const { state } = Shield.clear().take({ event: 'leave' });
    const events: ShieldEvent[] = [
      { event: 'resume' },
      { event: 'retry' },
      { event: 'consent', consent: true },
      { event: 'verdict', scores: CLEAN, takenAtMs: 0 },
    ];
    for (const event of events) assert.equal(shieldTransition(state, event, 9e9, RULES), state);
  });
});

describe('shield without samples', () => {
  it('[SH-20] covers the stranger and stores the failure’s reason; a retry loads again', () => {
    const shield = Shield.clear().take({ event: 'classifier-failed', why: 'crashed' });
    const { state } = shield;
    assert.equal(state.state === 'unavailable' && state.why, 'crashed');
    assert.equal(shield.see(CLEAN, CLEAN, CLEAN).state.state, 'unavailable');
    shield.take({ event: 'retry' });
    assert.equal(shield.state.state, 'loading');
    shield.take({ event: 'classifier-ready' });
    assert.equal(shield.see(CLEAN, CLEAN).state.state, 'covered');
    assert.equal(shield.see(CLEAN).state.state, 'clear');
  });

  it('[SH-21] late samples can flag the stranger but never show them', () => {
    const late = (shield: Shield, scores: Scores, byMs: number): Shield =>
      shield.pass(3_000).take({
        event: 'verdict',
        scores,
        takenAtMs: shield.nowMs - VERDICT_FRESH_MS - byMs,
      });
    assert.equal(late(Shield.clear(), CLEAN, 0).state.state, 'clear');
    assert.equal(late(Shield.clear(), CLEAN, 1).state.state, 'covered');
    const explicitTwice = late(late(Shield.clear(), EXPLICIT, 1), EXPLICIT, 1);
    assert.equal(explicitTwice.state.state, 'flagged');
    const shield = Shield.sampling().take({ event: 'consent', consent: true });
    for (let i = 0; i < LATE_VERDICTS_MAX - 1; i += 1) late(shield, CLEAN, 500);
    assert.equal(shield.state.state, 'covered');
    const { state } = late(shield, CLEAN, 500);
    assert.equal(state.state === 'unavailable' && state.why, 'too-slow');
  });

  it('[SH-21] reports a device that returns no sample as too slow', () => {
    const shield = Shield.sampling();
    assert.equal(deadlineOfShield(shield.state), shield.nowMs + TOO_SLOW_AFTER_MS);
    shield.pass(TOO_SLOW_AFTER_MS - 1).take({ event: 'tick' });
    assert.equal(shield.state.state, 'covered');
    const { state } = shield.pass(1).take({ event: 'tick' });
    assert.equal(state.state === 'unavailable' && state.why, 'too-slow');
  });

  it('[SH-22] covers the stranger when the last sample expires', () => {
    const shield = Shield.clear();
    const takenAtMs = shield.nowMs - 50;
    assert.equal(deadlineOfShield(shield.state), takenAtMs + STALE_AFTER_MS);
    shield.nowMs = takenAtMs + STALE_AFTER_MS - 1;
    assert.equal(shield.take({ event: 'tick' }).state.state, 'clear');
    shield.nowMs += 1;
    assert.equal(shield.take({ event: 'tick' }).state.state, 'covered');
    assert.equal(shield.see(CLEAN, CLEAN).state.state, 'covered');
  });

  it('[SH-22] discards clean samples if the next sample comes too late', () => {
    for (const ticks of [true, false]) {
      const shield = Shield.sampling().see(CLEAN, CLEAN, CLEAN);
      const takenAtMs = shield.nowMs - 50;
      assert.equal(deadlineOfShield(shield.state), takenAtMs + STALE_AFTER_MS);
      const agreed = (nowMs: number): string =>
        shieldTransition(shield.state, { event: 'consent', consent: true }, nowMs, RULES).state;
      assert.equal(agreed(takenAtMs + STALE_AFTER_MS - 1), 'clear');
      shield.nowMs = takenAtMs + STALE_AFTER_MS;
      // The due event `tick` may come before or after the user's consent.
      if (ticks) shield.take({ event: 'tick' });
      assert.equal(agreed(shield.nowMs), 'covered');
    }
  });

  it('[SH-24] measures a slow device; restarts the shield once fast enough', () => {
    const slow = (): Shield => {
      const shield = Shield.clear().pass(TOO_SLOW_AFTER_MS).take({ event: 'tick' });
      assert.equal(shield.state.state, 'covered');
      assert.equal(shield.take({ event: 'tick' }).state.state, 'unavailable');
      return shield;
    };
    const measure = (shield: Shield, tookMs: number, scores = CLEAN): string => {
      shield.pass(3_000);
      const takenAtMs = shield.nowMs - tookMs;
      return shield.take({ event: 'verdict', scores, takenAtMs }).state.state;
    };
    const shield = slow();
    assert.ok(maySample(shield.state));
    assert.equal(paceOf(shield.state, RULES), 'seldom');
    assert.equal(SWIFT_SAMPLES, 2);
    assert.equal(measure(shield, SWIFT_VERDICT_MS), 'unavailable');
    assert.equal(paceOf(shield.state, RULES), 'again');
    assert.equal(measure(shield, SWIFT_VERDICT_MS + 1), 'unavailable');
    assert.equal(paceOf(shield.state, RULES), 'seldom');
    assert.equal(measure(shield, SWIFT_VERDICT_MS), 'unavailable');
    assert.equal(measure(shield, SWIFT_VERDICT_MS), 'covered');
    assert.equal(shield.see(CLEAN, CLEAN).state.state, 'covered');
    assert.equal(shield.see(CLEAN).state.state, 'clear');

    const explicitNow = slow();
    measure(explicitNow, 50, EXPLICIT);
    assert.equal(measure(explicitNow, 50, EXPLICIT), 'covered');
    assert.equal(explicitNow.see(EXPLICIT, EXPLICIT).state.state, 'flagged');

    const crashed = slow().take({ event: 'classifier-failed', why: 'crashed' });
    assert.ok(!maySample(crashed.state));
    assert.equal(measure(crashed, 50), 'unavailable');
    assert.equal(measure(crashed, 50), 'unavailable');
  });

  it("[SH-23] covers a missing picture, but doesn't call the device slow", () => {
    const shield = Shield.clear().take({ event: 'no-picture' });
    assert.equal(shield.state.state, 'covered');
    for (let i = 0; i < 20; i += 1) {
      shield.pass(1_000).take({ event: 'no-picture' }, { event: 'tick' });
    }
    assert.equal(shield.state.state, 'covered');
  });
});

describe('shield settings of the operator', () => {
  it('[SH-60] by default allows Resume, forbids turning off, and orders the thresholds', () => {
    const { explicitAt, cleanBelow, mayResume, mayBeOff } = SHIELD_DEFAULTS;
    assert.ok(cleanBelow < explicitAt);
    assert.deepEqual([mayResume, mayBeOff], [true, false]);
  });

  it('[SH-11] the shield depends only on time differences, not on absolute time', () => {
    const path = (startMs: number): string[] => {
      const shield = Shield.clear(startMs);
      const seen = [shield.see(UNSURE, CLEAN, EXPLICIT, EXPLICIT).state.state];
      seen.push(shield.take({ event: 'resume' }).see(CLEAN, CLEAN, CLEAN).state.state);
      seen.push(shield.pass(STALE_AFTER_MS).take({ event: 'tick' }).state.state);
      return seen;
    };
    assert.deepEqual(path(0), ['flagged', 'clear', 'covered']);
    assert.deepEqual(path(1e12), path(0));
  });
});
