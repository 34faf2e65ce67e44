import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SceneState } from '../../src/gallery/scene-state.ts';
import { SCENES, type SceneName } from '../../src/gallery/scenes.ts';
import { cueOf } from '../../src/parts/sound-cues.ts';
import { NOTES } from '../../src/parts/sounds.ts';

const cue = (before: SceneName, now: SceneName) => cueOf(SCENES[before], SCENES[now]);

test('meeting somebody is heard, and so is that they are gone', () => {
  assert.equal(cue('waiting', 'call-connecting'), 'met');
  assert.equal(cue('call', 'ended-left'), 'left');
  assert.equal(cue('call', 'ended-lost'), 'left');
});

test('what this person did makes no sound', () => {
  assert.equal(cue('call', 'ended-you'), null);
  assert.equal(cue('call', 'ended-blocked'), null);
  const { chat }: SceneState = SCENES.text;
  assert.ok(chat !== null);
  const [line] = chat.lines;
  assert.ok(line !== undefined);
  const said = { ...chat, lines: [...chat.lines, { ...line, key: 'mine', from: 'you' as const }] };
  assert.equal(cueOf(SCENES.text, { ...SCENES.text, chat: said }), null);
});

test('a message is heard once', () => {
  assert.equal(cue('text-empty', 'text'), 'message');
  assert.equal(cueOf(SCENES.text, { ...SCENES.text }), null);
});

test('no sound is longer than 400 ms, and a meeting has two notes', () => {
  for (const notes of Object.values(NOTES)) {
    const endsMs = Math.max(...notes.map(({ atMs, lastsMs }) => atMs + lastsMs));
    assert.ok(endsMs < 400, `${endsMs} ms`);
  }
  assert.equal(NOTES.met.length, 2);
});
