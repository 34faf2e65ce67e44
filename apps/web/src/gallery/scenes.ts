import { narrated } from '../effects/live-regions.ts';
import { ownDataBy } from '../report/own-data.ts';
import { systemOf } from '../screens/conversation/system-of.ts';
import type { AppModel } from '../state/app-model.ts';
import { community } from '../ui/community.ts';
import { invited } from '../ui/invited.ts';
import { callScenes } from './call-scenes.ts';
import { communityScenes } from './community-scenes.ts';
import { endedScenes } from './ended-scenes.ts';
import { exchangeScenes } from './exchange-scenes.ts';
import { greenRoomScenes } from './green-room-scenes.ts';
import { hourScenes } from './hour-scenes.ts';
import { landingScenes } from './landing-scenes.ts';
import { linkScenes } from './link-scenes.ts';
import { questionScenes } from './question-scenes.ts';
import { recordScenes } from './record-scenes.ts';
import { reportScenes } from './report-scenes.ts';
import type { Scene } from './scene.ts';
import { SceneWorld } from './scene-world.ts';
import { searchScenes } from './search-scenes.ts';
import { shieldScenes } from './shield-scenes.ts';
import { textScenes } from './text-scenes.ts';
import { voiceScenes } from './voice-scenes.ts';

export const SCENES = {
  ...landingScenes,
  ...greenRoomScenes,
  ...searchScenes,
  ...hourScenes,
  ...shieldScenes,
  ...callScenes,
  ...textScenes,
  ...voiceScenes,
  ...exchangeScenes,
  ...questionScenes,
  ...endedScenes,
  ...reportScenes,
  ...recordScenes,
  ...linkScenes,
  ...communityScenes,
};

export type SceneName = keyof typeof SCENES;

export const SCENE_NAMES = Object.keys(SCENES) as readonly SceneName[];

export function isSceneName(name: string): name is SceneName {
  return Object.hasOwn(SCENES, name);
}

export function sceneOf(
  name: SceneName,
): Required<Pick<Scene, 'play' | 'draws'>> & Pick<Scene, 'page' | 'modes'> {
  const scene: Scene | Scene['play'] = SCENES[name];
  return typeof scene === 'function' ? { play: scene, draws: 'page' } : { draws: 'page', ...scene };
}

export async function playScene(name: SceneName, world = new SceneWorld()): Promise<SceneWorld> {
  const { play, modes } = sceneOf(name);
  community.value = null;
  invited.value = null;
  if (modes !== undefined) world.offer(modes);
  await play(world);
  await world.time.quiet();
  return world;
}

export function viewsOf(app: AppModel) {
  const { records } = app;
  return {
    ...narrated(app),
    fault: app.fault.value,
    rules: app.navigation.rules.value,
    ageRefusal: app.navigation.ageRefusal.value,
    standing: app.standing.view.value,
    server: app.link.server.value,
    preferences: app.settings.preferences.value,
    reports: records.reports.value,
    meetings: records.meetings.value,
    decisions: records.decisions.value,
    blocks: records.blocks.value,
    warning: records.warning.value,
    tellMe: systemOf(app).value?.tellMe.view.value ?? null,
    ownData: ownDataBy(records.askOwnData).view.value,
  };
}
