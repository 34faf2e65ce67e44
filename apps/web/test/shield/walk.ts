import { createPrng, type Prng } from '@farandole/kernel/prng';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import { CLEAN, EXPLICIT, explicit, UNSURE } from '../../src/fakes/fake-classifier.ts';
import type { ShieldEvent, ShieldState } from '../../src/shield/shield-machine.ts';
import * as shippedViews from '../../src/shield/shield-view.ts';
import { Oracle, type Rule } from './oracle.ts';
import { type Machine, RULES, type Views } from './scenes.ts';

export interface Walked {
  readonly broken: Rule | null;
  readonly steps: number;
  readonly visited: ReadonlySet<ShieldState['state']>;
}

const STEPS_A_WALK = 60;

/** Applies random events to a shield and checks each step with the oracle. */
export function walk(
  machine: Machine,
  seed: number,
  walks: number,
  views: Views = shippedViews,
): Walked {
  const prng = createPrng(seed);
  const visited = new Set<ShieldState['state']>();
  let steps = 0;
  for (let i = 0; i < walks; i += 1) {
    const rules: ShieldRules = { ...RULES, mayResume: prng.unit() < 0.8 };
    const oracle = new Oracle(rules);
    let nowMs = prng.unit() * 1e9;
    let state = machine.INITIAL_SHIELD_STATE;
    // A random bias favours one kind of picture, so that long runs of similar pictures occur.
    let mood = prng.unit();
    for (let step = 0; step < STEPS_A_WALK; step += 1) {
      nowMs += prng.unit() < 0.9 ? prng.unit() * 900 : prng.unit() * 7_000;
      if (prng.unit() < 0.04) mood = prng.unit();
      const event = eventBy(prng, mood, nowMs, state);
      const next = machine.shieldTransition(state, event, nowMs, rules);
      const view = views.shieldViewOf(next, {
        kept: { state: 'ready' },
        mayResume: rules.mayResume,
        beganAtMs: 0,
      });
      const broken = oracle.judge(state, event, next, nowMs) ?? oracle.judgeView(next, view);
      steps += 1;
      visited.add(next.state);
      if (broken !== null) return { broken, steps, visited };
      state = next;
    }
  }
  return { broken: null, steps, visited };
}

function eventBy(prng: Prng, mood: number, nowMs: number, state: ShieldState): ShieldEvent {
  const dice = prng.unit();
  // The random choice prefers the event that usually follows, so that a walk reaches the later
  // states.
  if (state.state === 'loading' && dice < 0.5) return { event: 'classifier-ready' };
  if (state.seenAtMs === null && !state.hidden && dice < 0.3)
    return { event: 'sampling', sampling: true };
  if (state.state === 'flagged' && dice < 0.1) return { event: 'resume' };
  if (dice < 0.68) return verdictBy(prng, mood, nowMs);
  if (dice < 0.78) return { event: 'consent', consent: prng.unit() < 0.75 };
  if (dice < 0.84) return { event: 'hidden', hidden: prng.unit() < 0.4 };
  if (dice < 0.87) return { event: 'resume' };
  if (dice < 0.94) return { event: 'tick' };
  if (dice < 0.955) return { event: 'no-picture' };
  if (dice < 0.97) return { event: 'sampling', sampling: prng.unit() < 0.6 };
  if (dice < 0.98) return { event: 'retry' };
  if (dice < 0.985) return { event: 'classifier-failed', why: 'crashed' };
  if (dice < 0.995) return { event: 'classifier-ready' };
  return { event: 'leave' };
}

function verdictBy(prng: Prng, mood: number, nowMs: number): ShieldEvent {
  // Explicit scores near the levels at which the shield flags a resumed picture again.
  const near = explicit(0.7 + 0.3 * prng.unit());
  const usual = mood < 0.5 ? CLEAN : mood < 0.65 ? UNSURE : mood < 0.8 ? EXPLICIT : near;
  const scores = prng.unit() < 0.85 ? usual : explicit(prng.unit());
  const ageMs = prng.unit() < 0.93 ? prng.unit() * 400 : 1_000 + prng.unit() * 2_000;
  return { event: 'verdict', scores, takenAtMs: nowMs - ageMs };
}
