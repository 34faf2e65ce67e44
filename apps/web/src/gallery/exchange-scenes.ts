import { HELPS_AFTER_MS } from '../call/search-stage.ts';
import { isChoosing } from '../screens/exchange/choice.ts';
import type { OfferedWay, Scenes, Script } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const OFFERED: readonly OfferedWay[] = ['video', 'voice', 'text', 'exchange'];

const offered = (play: Script) => ({ modes: OFFERED, play });

const call = (then: (world: SceneWorld) => void | Promise<void> = () => {}, learns?: string) =>
  offered(async (world) => {
    await world.exchangeCall('text', learns);
    await then(world);
    await world.time.quiet();
  });

async function correct({ you, stranger, time }: SceneWorld): Promise<void> {
  you.app.chat.setDraft('I has seen a beautifull bird today.');
  you.app.chat.sendLine();
  await time.quiet();
  const line = stranger.app.chat.view.value?.lines.at(-1);
  stranger.app.chat.correct(line?.id ?? '', 'I saw a beautiful bird today.');
  stranger.app.chat.setDraft('Et moi, j’ai vu un renard. Tu connais ce mot ?');
  stranger.app.chat.sendLine();
  await time.quiet();
}

export const exchangeScenes = {
  'landing-exchange': offered((world) => world.open()),
  'exchange-choice': offered(async (world) => {
    await world.open({ preferences: { exchange: ['en', 'es', 'fr:B1', '+'] } });
    isChoosing.value = true;
  }),
  'exchange-waiting': offered((world) => world.exchangeSearch()),
  'exchange-waiting-long': offered(async (world) => {
    await world.exchangeSearch('text', true);
    await world.time.advance(HELPS_AFTER_MS);
  }),
  'exchange-off': offered(async (world) => {
    world.server.refusals.push({ reason: 'exchange-off' });
    await world.exchangeSearch();
  }),
  'exchange-closed': offered(async (world) => {
    await world.open();
    const exchangeClosed = {
      endsAtMs: Date.UTC(2026, 11, 14, 17),
      appeal: 'auto-bm90LWEtcmVhbC1jb2RlLQ',
    };
    await world.pass({ type: 'standing.changed', may: 'meet', exchangeClosed });
    isChoosing.value = true;
  }),
  exchange: call(),
  'exchange-corrected': call(correct),
  'exchange-switch-theirs': call(({ stranger }) =>
    stranger.app.reactions.use(({ exchange }) => exchange.toggleSwitch()),
  ),
  'exchange-asked': call(({ you }) =>
    you.app.reactions.use(({ exchange }) => exchange.toggleSwitch()),
  ),
  'exchange-card': call(async (world) => {
    await correct(world);
    world.you.app.reactions.use(({ cards }) => cards.play('learn-b'));
  }),
  'exchange-helping': call(() => {}, 'de'),
  'exchange-video': offered(async (world) => {
    await world.exchangeCall('video');
    await world.time.quiet();
  }),
  'exchange-report': call(({ you }) => you.app.report.open()),
  'exchange-ended': call(async ({ stranger, time }) => {
    stranger.app.navigation.stop();
    await time.advance(50);
  }),
  'settings-exchange': offered(async (world) => {
    await world.open({ preferences: { exchange: ['en', 'es', 'fr:B1', '+'] } });
    world.you.app.settings.open();
    await world.time.quiet();
  }),
} as const satisfies Scenes;
