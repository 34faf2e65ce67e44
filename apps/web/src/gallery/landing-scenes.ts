import type { HouseRules, HouseTexts } from '@farandole/protocol/http-api';
import { REGULAR } from '../fakes/world.ts';
import type { Preferences } from '../state/preferences-model.ts';
import { invited } from '../ui/invited.ts';
import { RULES } from '../ui/rule-list.ts';
import type { Scenes } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const TEXTS = {
  en: 'We meet to speak about films.\nEnglish or French, as both of you like.\nNo spoilers of what came out this month!',
  fr: 'On se retrouve pour parler de films.\nEn français ou en anglais, comme il vous plaît à tous deux.\nOn ne dévoile pas ce qui est sorti ce mois-ci !',
};

const HOUSE_RULES: HouseRules = { version: 2, ...TEXTS };

/**
 * An earlier version of the house rules. It lacks the middle line, so the page marks that line as
 * new.
 */
const HOUSE_RULES_BEFORE: HouseTexts = {
  en: withoutSecondLine(TEXTS.en),
  fr: withoutSecondLine(TEXTS.fr),
};

/** A restriction that the software imposed and that the user may know about. */
export const LIMITED = {
  type: 'standing.changed',
  may: 'meet',
  limited: { endsAtMs: Date.UTC(2026, 11, 14, 17), appeal: 'auto-bm90LWEtcmVhbC1jb2RlLQ' },
} as const;

export const SHARING: Partial<Preferences> = {
  interests: ['film', 'cooking', 'chess'],
  onlyShared: true,
  languages: ['en', 'fr'],
};

/** Remaining time of a refusal or suspension that lasts at most a day. */
const REST_OF_A_DAY_MS = 20 * 3_600_000;

/** Creates a scene with a suspended user. `may` lists what the user is still allowed to do. */
async function suspended(
  world: SceneWorld,
  may: 'text' | 'nothing',
  how: { because?: 'decision' | 'network' | 'hold'; appeal?: string; endsAtMs?: number } = {
    appeal: 'bm90LWEtcmVhbC1jb2RlLQ',
  },
): Promise<void> {
  await world.open();
  const endsAtMs = Date.UTC(2026, 11, 14, 17);
  await world.pass({ type: 'standing.changed', may, endsAtMs, because: 'decision', ...how });
  if (may === 'text') return;
  world.node.close(world.sessionOf(world.you), 'sanctioned');
  await world.time.quiet();
}

async function withoutCamera(world: SceneWorld, browser?: 'facebookAndroid'): Promise<void> {
  await world.open({
    online: null,
    supportsVideo: false,
    ...(browser === undefined ? {} : { browser }),
  });
}

export const landingScenes = {
  landing: (world) => world.open(),
  'landing-quiet': (world) => world.open({ online: 3 }),
  'landing-interests': (world) => world.open({ preferences: SHARING }),
  'landing-no-video': (world) => withoutCamera(world),
  'landing-in-app': (world) => withoutCamera(world, 'facebookAndroid'),
  'landing-text-only': (world) => suspended(world, 'text'),
  'landing-storage': (world) => world.open({ ports: { store: FORBIDDEN } }),
  async 'landing-wish-refused'(world) {
    world.server.refusals = [{ reason: 'bad-interest' }];
    await world.search('text', { preferences: SHARING });
  },
  async rules(world) {
    await world.open();
    world.you.app.navigation.start('video');
  },
  async 'rules-changed'(world) {
    world.node.facts = { ...world.node.facts, policyVersion: 2, houseRules: HOUSE_RULES };
    const changed = new Set(['recording', 'kind']);
    const rules = RULES.map((rule) => ({ ...rule, changedIn: changed.has(rule.name) ? 2 : 1 }));
    const house = { houseVersion: 1, houseText: HOUSE_RULES_BEFORE };
    await world.open({ preferences: { ...REGULAR, ...house }, ports: { rules } });
    world.you.app.navigation.start('video');
  },
  async 'rules-asked'(world) {
    world.server.refusals = [{ reason: 'age-required' }];
    await world.search('text');
  },
  async 'age-refused'(world) {
    await world.open();
    world.you.app.navigation.start('video');
    world.you.app.navigation.declareMinor();
    await world.time.quiet();
  },
  async 'age-refused-device'(world) {
    const endsAtMs = Date.now() + REST_OF_A_DAY_MS;
    const byDevice = { endsAtMs, appeal: 'age-code-of-this-browser' };
    world.node.age = { state: 'unknown', refused: true, byDevice };
    await world.open();
  },
  unsupported: (world) => world.open({ ports: { socketsSupported: false } }),
  'unsupported-in-app': (world) =>
    world.open({ browser: 'webviewIos', ports: { socketsSupported: false } }),
  sanctioned: (world) => suspended(world, 'nothing'),
  'sanctioned-network': (world) =>
    suspended(world, 'nothing', { because: 'network', appeal: 'near-a-sanction-of-a-network' }),
  'sanctioned-device': (world) =>
    suspended(world, 'nothing', { appeal: 'near-a-sanction-of-a-device' }),
  'sanctioned-hold': (world) =>
    suspended(world, 'nothing', {
      because: 'hold',
      appeal: 'auto-bm90LWEtcmVhbC1jb2RlLQ',
      endsAtMs: Date.now() + REST_OF_A_DAY_MS,
    }),
  async 'landing-limited'(world) {
    await world.open();
    await world.pass(LIMITED);
  },
  async 'landing-invited'(world) {
    await world.open();
    invited.value = {
      meeting: { by: 'invitation', token: 'invitation-token-0001' },
      mode: 'video',
    };
  },
  async settings(world) {
    await world.open();
    world.you.app.settings.open();
  },
  async 'settings-blocked'(world) {
    await world.open({ ports: { store: FORBIDDEN } });
    world.you.app.settings.set({
      ...SHARING,
      ...{ theme: 'dark', textSize: 130, motion: 'reduced', contrast: 'more' },
      ...{ relayOnly: true, sounds: false },
    });
    world.you.app.settings.open();
  },
} as const satisfies Scenes;

const FORBIDDEN = { read: refuse, write: refuse, remove: refuse };

function refuse(): never {
  throw new Error('storage is forbidden');
}

function withoutSecondLine(text: string): string {
  return text.split('\n').toSpliced(1, 1).join('\n');
}
