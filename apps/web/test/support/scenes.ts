// Imports in advance the modules that load on demand, so that scenes don't wait for the disk.
import '../../src/call/video-offer.ts';
import '@farandole/protocol/private-details';
import '../../src/chat/stated-age.ts';
import type { Scene } from '../../src/a11y/narrator.ts';
import { playScene, type SceneName, viewsOf } from '../../src/gallery/scenes.ts';
import type { AppModel } from '../../src/state/app-model.ts';

export type Views = ReturnType<typeof viewsOf> & Pick<Scene, 'voice' | 'speaksMuted'>;

/** Plays each gallery scene in a simulated world of its own. */
export async function playScenes<Name extends SceneName>(
  names: readonly Name[],
): Promise<Record<Name, AppModel>> {
  const played: Partial<Record<Name, AppModel>> = {};
  for (const name of names) played[name] = (await playScene(name)).you.app;
  return played as Record<Name, AppModel>;
}

/**
 * Plays each gallery scene in a simulated world of its own, and returns a function that gives
 * the scene's views.
 */
export async function viewScenes<Name extends SceneName>(
  names: readonly Name[],
): Promise<(name: Name) => Views> {
  const apps = await playScenes(names);
  return (name) => ({ ...viewsOf(apps[name]), voice: 'listening', speaksMuted: false });
}
