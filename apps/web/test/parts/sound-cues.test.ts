import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cueOf } from '../../src/sound/sound-cues.ts';
import { NOTES, playCue, wakeSounds } from '../../src/sound/sounds.ts';
import { viewScenes } from '../support/scenes.ts';

const NAMES = [
  ...(['waiting', 'call-connecting', 'call', 'text-empty', 'text'] as const),
  ...(['ended-left', 'ended-lost', 'ended-you', 'ended-blocked'] as const),
] as const;
const scene = await viewScenes(NAMES);
const cue = (before: (typeof NAMES)[number], now: (typeof NAMES)[number]) =>
  cueOf(scene(before), scene(now));

test('plays a sound when a stranger comes and leaves', () => {
  assert.equal(cue('waiting', 'call-connecting'), 'met');
  assert.equal(cue('call', 'ended-left'), 'left');
  assert.equal(cue('call', 'ended-lost'), 'left');
});

test("plays no sound for the user's own actions", () => {
  assert.equal(cue('call', 'ended-you'), null);
  assert.equal(cue('call', 'ended-blocked'), null);
  const { chat } = scene('text');
  assert.ok(chat !== null);
  const [line] = chat.lines;
  assert.ok(line !== undefined);
  const said = { ...chat, lines: [...chat.lines, { ...line, key: 'mine', from: 'you' as const }] };
  assert.equal(cueOf(scene('text'), { ...scene('text'), chat: said }), null);
});

test('plays one sound per message', () => {
  assert.equal(cue('text-empty', 'text'), 'message');
  assert.equal(cueOf(scene('text'), scene('text')), null);
});

test('limits sounds to 400 ms and plays two notes for a match', () => {
  for (const notes of Object.values(NOTES)) {
    const endsMs = Math.max(...notes.map(({ atMs, lastsMs }) => atMs + lastsMs));
    assert.ok(endsMs < 400, `${endsMs} ms`);
  }
  assert.equal(NOTES.met.length, 2);
});

test("drops sounds that the browser blocks; doesn't play them later", async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let started = 0;
  class Context extends EventTarget {
    state = 'suspended';
    currentTime = 0;
    /** Returns a promise that never settles, as Safari does outside a user gesture. */
    resume(): Promise<void> {
      return new Promise(() => {});
    }
  }
  const contexts: Context[] = [];
  const stand = {
    navigator: { userActivation: { hasBeenActive: true } },
    AudioContext: class extends Context {
      constructor() {
        super();
        contexts.push(this);
      }
    },
    OscillatorNode: class extends EventTarget {
      connect = () => ({ connect: () => {} });
      stop = () => this.dispatchEvent(new Event('ended'));
      start = () => {
        started += 1;
      };
    },
    GainNode: class {
      gain = { setValueAtTime: () => {}, linearRampToValueAtTime: () => {} };
    },
  };
  for (const [name, value] of Object.entries(stand)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  wakeSounds();
  const late = playCue('met', 100);
  context.mock.timers.tick(300);
  await late;
  const [only] = contexts;
  assert.ok(only !== undefined && contexts.length === 1);
  only.state = 'running';
  only.dispatchEvent(new Event('statechange'));
  assert.equal(started, 0);
  void playCue('met', 100);
  await Promise.resolve();
  assert.equal(started, NOTES.met.length);
});
