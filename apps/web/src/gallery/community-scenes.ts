import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CommunityFacts } from '@farandole/protocol/http-api';
import { signal } from '@preact/signals';
import { type CommunityFault, CommunityModel } from '../community/community-model.ts';
import { REGULAR } from '../fakes/world.ts';
import { community } from '../ui/community.ts';
import type { Scenes } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const PAINTERS: CommunityFacts = {
  name: 'night-painters',
  title: 'Night painters of Lyon',
  language: 'en',
  rules:
    'We paint at night and talk about it.\nShow your brushes, not your neighbours.\nNo critique unless it was asked for.',
  version: 1,
  needsCode: false,
};

interface Answers {
  readonly facts?: Result<CommunityFacts, CommunityFault>;
  readonly entry?: Result<{ pass: string; endsAtMs: number }, CommunityFault>;
  readonly code?: string;
  readonly isAgreed?: boolean;
}

/** Opens the community in a page that is already drawn. */
async function enter(world: SceneWorld, answers: Answers = {}): Promise<void> {
  // Node has no styles, so tests without a browser see the screens of the open pool.
  if (typeof document === 'undefined') return;
  const { app } = world.you;
  const { facts = ok(PAINTERS), entry = refused('wrong-code'), code = null } = answers;
  const stored = new Map<string, string>();
  const model = new CommunityModel(
    {
      name: PAINTERS.name,
      show: async () => facts,
      enter: async () => entry,
      receipt: () => 'a-receipt',
      isOnline: signal(true),
      wishFault: app.navigation.wishFault,
      store: {
        read: (key) => stored.get(key) ?? null,
        write: (key, value) => void stored.set(key, value),
        remove: (key) => void stored.delete(key),
      },
      wallMs: () => 0,
    },
    code,
  );
  const { loadCommunityPart } = await import('../screens/community/community-part.ts');
  community.value = await loadCommunityPart(app, model);
  await model.show();
  if (answers.isAgreed === true) model.accept();
}

export const communityScenes = {
  async community(world) {
    await world.open();
    await enter(world);
  },
  async 'community-hour'(world) {
    await world.open();
    const next = { id: 'hour-0001', title: 'Show your brushes', mode: 'video' } as const;
    const times = { startsInMs: 7 * 60_000, endsInMs: 67 * 60_000 };
    const hours = { door: 'closed', next: { ...next, ...times } } as const;
    await enter(world, { facts: ok({ ...PAINTERS, hours }) });
  },
  async 'community-needs-code'(world) {
    await world.open();
    await enter(world, { facts: ok({ ...PAINTERS, needsCode: true }) });
  },
  async 'community-wrong-code'(world) {
    await world.open();
    await enter(world, { facts: ok({ ...PAINTERS, needsCode: true }), code: 'a-code' });
  },
  async 'community-gone'(world) {
    await world.open();
    await enter(world, { facts: refused('gone') });
  },
  async 'community-unreachable'(world) {
    await world.open();
    await enter(world, { facts: refused('unreachable') });
  },
  async 'community-rules'(world) {
    await world.open();
    await enter(world);
    world.you.app.navigation.start('video');
  },
  async 'community-rules-only'(world) {
    await world.open({ preferences: REGULAR });
    await enter(world);
    world.you.app.navigation.start('text');
  },
  async 'community-waiting'(world) {
    await world.search('text');
    await enter(world, { isAgreed: true });
    await world.time.advance(9_000);
  },
  async 'community-call'(world) {
    await world.call();
    await enter(world, { isAgreed: true });
  },
  async 'community-text'(world) {
    await world.textCall();
    await enter(world, { isAgreed: true });
  },
} satisfies Scenes;
