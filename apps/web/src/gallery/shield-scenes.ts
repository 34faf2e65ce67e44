import { EXPLICIT, type FakeClassifier, UNSURE } from '../fakes/fake-classifier.ts';
import type { Scenes, Script } from './scene.ts';

/** Creates a scene of a call in which the classifier is changed before the call starts. */
const met =
  (change: Partial<FakeClassifier>, forMs: number): Script =>
  async (world) => {
    await world.search('video', { preferences: { interests: ['film', 'cooking'] } });
    Object.assign(world.you.classifier, change);
    await world.strangerComes();
    await world.talk();
    await world.time.advance(forMs);
  };

/**
 * Creates a scene of a call in which the stranger passes the shield's check and the classifier is
 * changed afterwards.
 */
const seen =
  (change: Partial<FakeClassifier>, forMs = 3_000): Script =>
  async (world) => {
    await world.call();
    Object.assign(world.you.classifier, change);
    await world.time.advance(forMs);
  };

/** Creates a scene of a call in which the shield fails and the user retries. */
const tried =
  (change: Partial<FakeClassifier>): Script =>
  async (world) => {
    await seen({ fault: 'crashed' })(world);
    Object.assign(world.you.classifier, { fault: null, ...change });
    world.you.app.shield.retry();
    await world.time.advance(1_000);
  };

export const shieldScenes = {
  'call-shield-loading': tried({ stallsAt: 0.4 }),
  'call-checking': met({ takesMs: 900 }, 700),
  'call-checking-again': seen({ takesMs: 20_000 }, 4_000),
  'call-flagged': seen({ scores: EXPLICIT }),
  async 'call-flagged-final'(world) {
    const { facts } = world.node;
    world.node.facts = { ...facts, shield: { ...facts.shield, mayResume: false } };
    await seen({ scores: EXPLICIT })(world);
  },
  'call-unsure': met({ scores: UNSURE }, 10_000),
  'call-no-shield': tried({ fault: 'unreachable' }),
  'call-shield-stalled': tried({ fault: 'stalled' }),
  'call-shield-crashed': seen({ fault: 'crashed' }),
  'call-shield-unsupported': tried({ fault: 'unsupported' }),
  'call-too-slow': met({ takesMs: 3_000 }, 15_000),
  async 'call-resumed'(world) {
    await seen({ scores: EXPLICIT })(world);
    world.you.app.call.resume();
    await world.time.advance(1_000);
  },
} as const satisfies Scenes;
