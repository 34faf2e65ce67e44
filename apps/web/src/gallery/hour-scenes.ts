import type { HoursFacts } from '@farandole/protocol/http-api';
import type { Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const MINUTE_MS = 60_000;
const BELL_IN_MS = 35_000;

interface Shown {
  readonly door?: HoursFacts['door'];
  readonly startsInMinutes?: number;
  readonly endsInMinutes?: number;
}

function publish(world: SceneWorld, shown: Shown = {}): void {
  const { door = 'open', startsInMinutes = 205, endsInMinutes = startsInMinutes + 60 } = shown;
  const next = {
    id: 'hour-0001',
    title: 'Polyglots',
    mode: 'video',
    startsInMs: startsInMinutes * MINUTE_MS,
    endsInMs: endsInMinutes * MINUTE_MS,
  } as const;
  world.node.facts = { ...world.node.facts, hours: { door, next } };
}

const landing =
  (shown: Shown): Script =>
  async (world) => {
    publish(world, shown);
    await world.open({ online: 3 });
  };

const waiting =
  (opensInMs: number): Script =>
  async (world) => {
    publish(world);
    world.server.opensInMs = opensInMs;
    await world.search();
    await world.time.advance(9_000);
  };

const bell =
  (mode: 'video' | 'text', more: boolean): Script =>
  async (world) => {
    publish(world);
    await world.connect(mode);
    const { rounds } = await world.you.app.reactions.load();
    for (const call of world.server.calls.values()) world.server.announceBell(call, BELL_IN_MS);
    await world.time.advance(4_000);
    rounds.setMore(more);
  };

export const hourScenes = {
  'landing-hour': landing({}),
  'landing-hour-on': landing({ startsInMinutes: 0, endsInMinutes: 48 }),
  'landing-hour-closed': landing({ door: 'closed' }),
  'landing-hour-text': landing({ door: 'text' }),
  'landing-hour-soon': landing({ door: 'closed', startsInMinutes: 7 }),
  async 'waiting-closed'(world) {
    publish(world, { door: 'closed' });
    world.server.refusals = [{ reason: 'closed' }];
    await world.search();
  },
  'waiting-hour': waiting(6 * MINUTE_MS),
  'waiting-round': waiting(0),
  'call-bell': bell('video', false),
  'call-bell-more': bell('video', true),
  'text-bell': bell('text', false),
} satisfies Scenes;
