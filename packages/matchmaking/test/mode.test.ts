import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import {
  AGE_STATES,
  ageStateMeets,
  carries,
  carriesMedia,
  createMatchRules,
  defaultModes,
  HARD_RULES,
  isBelow,
  type ModeRules,
  REPORT_REASONS,
  type Rungs,
  startMode,
  WISHES,
} from '@farandole/matchmaking/mode';

test('[MM-11] runs video and text for adults by default', () => {
  const rules = createMatchRules({ policyVersion: 3 });
  assert.deepEqual([...rules.modes.keys()], ['video', 'text']);
  assert.deepEqual([...rules.ageBands], ['adult']);
  assert.equal(rules.policyVersion, 3);
  assert.equal(rules.rematchCooldownMs, 600_000);
  assert.equal(REMATCH_COOLDOWN_MS, 600_000);
});

test("[MM-70] reads seats, media, rules, wishes and report reasons from a mode's row", () => {
  const [video, text] = defaultModes();
  assert.ok(video !== undefined && text !== undefined);
  for (const mode of [video, text]) {
    assert.deepEqual(
      mode.seats.map(({ role }) => role),
      ['peer', 'peer'],
    );
    assert.deepEqual(mode.hardRules, HARD_RULES);
    assert.deepEqual(mode.wishes, WISHES);
    assert.deepEqual(mode.reportReasons, REPORT_REASONS);
  }
  assert.deepEqual([carriesMedia(video), carriesMedia(text)], [true, false]);
  assert.deepEqual([video.turnsTo, text.turnsTo], [null, 'video']);
});

test('[MM-70] runs a mode defined only by its row', () => {
  const stage = { ...videoMode(), id: 'stage', ageStateRequired: 'verified' } as const;
  const rules = createMatchRules({ policyVersion: 1, modes: [...defaultModes(), stage] });
  assert.equal(rules.modes.get('stage'), stage);
});

test('[MM-71] rejects an inconsistent table of modes', () => {
  const withMode = (changes: Partial<ModeRules>) => () =>
    createMatchRules({ policyVersion: 1, modes: [{ ...videoMode(), ...changes }] });
  const twice = [...defaultModes(), ...defaultModes()];
  assert.throws(() => createMatchRules({ policyVersion: 1, modes: twice }), /two modes are named/);
  assert.throws(withMode({ id: 'No!' }), /malformed/);
  assert.throws(() => createMatchRules({ policyVersion: 1, ageBands: ['A B'] }), /malformed/);
  const [seat] = videoMode().seats;
  assert.ok(seat !== undefined);
  assert.throws(withMode({ seats: [seat] }), /has 1 seats/);
  assert.throws(withMode({ seats: [seat, seat, seat] }), /has 3 seats/);
  const reader = { ...seat, role: 'reader' };
  assert.throws(withMode({ seats: [seat, reader, seat] }), /has 3 seats/);
  assert.throws(withMode({ seats: [reader, seat, seat, seat] }), /has 4 seats/);
  assert.throws(withMode({ turnsTo: 'nowhere' }), /upgrades to a mode with other seats/);
  for (const rule of HARD_RULES) {
    const hardRules = HARD_RULES.filter((each) => each !== rule);
    assert.throws(withMode({ hardRules }), new RegExp(`omits ${rule}`));
  }
});

test('[MM-71a] rejects a switch to a mode without more media', () => {
  const [video, text] = defaultModes();
  assert.ok(video !== undefined && text !== undefined);
  const wrong = [
    [text, { ...text, id: 'other', turnsTo: null }],
    [
      { ...video, turnsTo: 'text' },
      { ...text, turnsTo: null },
    ],
    [{ ...text, turnsTo: 'text' }],
  ];
  for (const [first, ...others] of wrong) {
    const modes = [{ ...first, turnsTo: first?.turnsTo ?? 'other' }, ...others] as ModeRules[];
    const start = () => createMatchRules({ policyVersion: 1, modes: [...modes] });
    assert.throws(start, /without more media|other seats/);
  }
});

test('[MM-73] links the offered rungs, each of which adds one medium', () => {
  const ladder = (...offered: string[]) =>
    defaultModes('declared', offered).map((mode) => [
      mode.id,
      mode.turnsTo,
      mode.seats[0]?.sends.join(),
    ]);
  assert.deepEqual(ladder('text', 'voice', 'video'), [
    ['video', null, 'text,sound,picture'],
    ['voice', 'video', 'text,sound'],
    ['text', 'voice', 'text'],
  ]);
  assert.deepEqual(ladder('video', 'text'), [
    ['video', null, 'text,sound,picture'],
    ['text', 'video', 'text'],
  ]);
  assert.deepEqual(ladder('voice', 'text').at(-1), ['text', 'voice', 'text']);
});

test('[MM-73] passes only sound on a server that offers only voice', () => {
  const [voice, ...others] = defaultModes('declared', ['voice']);
  assert.ok(voice !== undefined);
  assert.equal(others.length, 0);
  assert.deepEqual(
    (['text', 'sound', 'picture'] as const).map((medium) => carries(voice, medium)),
    [false, true, false],
  );
  assert.equal(carriesMedia(voice), true);
});

test('[MM-74] starts two users in the lower mode if both agree to it', () => {
  const { modes } = createMatchRules({ policyVersion: 1, offered: ['text', 'voice', 'video'] });
  const [text, voice, video]: Rungs[] = [{ mode: 'text' }, { mode: 'voice' }, { mode: 'video' }];
  const start = (a: Rungs | undefined, b: Rungs | undefined): string | null => {
    assert.ok(a !== undefined && b !== undefined);
    assert.equal(startMode(b, a, modes), startMode(a, b, modes), 'symmetric');
    return startMode(a, b, modes);
  };
  assert.deepEqual(
    [start(video, text), start(video, voice), start(voice, text)],
    [null, null, null],
  );
  const low = { mode: 'video', lowest: 'text' };
  assert.deepEqual(
    [text, voice, video, low].map((one) => start(low, one)),
    ['text', 'voice', 'video', 'video'],
  );
  const middle = { mode: 'video', lowest: 'voice' };
  assert.deepEqual([start(middle, text), start(middle, voice)], [null, 'voice']);
  assert.equal(start({ mode: 'voice', lowest: 'text' }, middle), 'voice');
  assert.equal(start({ mode: 'text', lowest: 'video' }, video), null, 'a lowest above the mode');
  assert.equal(start({ mode: 'stage' }, low), null);
  assert.deepEqual(
    [
      isBelow('text', 'video', modes),
      isBelow('video', 'text', modes),
      isBelow('text', 'text', modes),
    ],
    [true, false, false],
  );
});

test('[MM-12] orders age states from unknown to verified', () => {
  for (const [i, state] of AGE_STATES.entries()) {
    for (const [j, required] of AGE_STATES.entries()) {
      assert.equal(ageStateMeets(state, required), i >= j, `${state} where ${required} is asked`);
    }
  }
});

test('[MM-12] applies the operator’s required age state to both default modes', () => {
  const rules = createMatchRules({ policyVersion: 1, ageStateRequired: 'verified' });
  for (const mode of rules.modes.values()) assert.equal(mode.ageStateRequired, 'verified');
});

function videoMode(): ModeRules {
  const mode = defaultModes().find(({ id }) => id === 'video');
  assert.ok(mode !== undefined);
  return mode;
}
