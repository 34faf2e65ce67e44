import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import {
  AGE_STATES,
  ageStateMeets,
  createMatchRules,
  defaultModes,
} from '@farandole/matchmaking/mode';

test('[MM-11] without the operator’s word there are video and text, for adults', () => {
  const rules = createMatchRules({ policyVersion: 3 });
  assert.deepEqual([...rules.modes.keys()], ['video', 'text']);
  assert.deepEqual([...rules.ageBands], ['adult']);
  assert.equal(rules.policyVersion, 3);
  assert.equal(rules.rematchCooldownMs, 600_000);
  assert.equal(REMATCH_COOLDOWN_MS, 600_000);
});

test('[MM-11] modes are data', () => {
  const stage = { id: 'stage', ageStateRequired: 'verified', media: 'audio-video' } as const;
  const rules = createMatchRules({ policyVersion: 1, modes: [...defaultModes(), stage] });
  assert.equal(rules.modes.get('stage'), stage);
});

test('[MM-11] a table of modes that contradicts itself is refused at start', () => {
  const twice = [...defaultModes(), ...defaultModes()];
  assert.throws(() => createMatchRules({ policyVersion: 1, modes: twice }), /two modes are named/);
  const unnamed = [{ id: 'No!', ageStateRequired: 'unknown', media: 'none' } as const];
  assert.throws(() => createMatchRules({ policyVersion: 1, modes: unnamed }), /malformed/);
  assert.throws(() => createMatchRules({ policyVersion: 1, ageBands: ['A B'] }), /malformed/);
});

test('[MM-12] what is known of an age rises from nothing to proof', () => {
  for (const [i, state] of AGE_STATES.entries()) {
    for (const [j, required] of AGE_STATES.entries()) {
      assert.equal(ageStateMeets(state, required), i >= j, `${state} where ${required} is asked`);
    }
  }
});

test('[MM-12] the operator’s age state is asked of both default modes', () => {
  const rules = createMatchRules({ policyVersion: 1, ageStateRequired: 'verified' });
  for (const mode of rules.modes.values()) assert.equal(mode.ageStateRequired, 'verified');
});
