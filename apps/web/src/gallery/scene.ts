import type { SitePage } from '../ui/site-page.ts';
import type { Drawing } from './drawings.tsx';
import type { SceneWorld } from './scene-world.ts';

/** Fake events and model actions that lead to a scene. */
export type Script = (world: SceneWorld) => Promise<void>;

export interface Scene {
  readonly play: Script;
  /** `page` by default. */
  readonly draws?: Drawing;
  /** The text page over the screen. */
  readonly page?: SitePage;
}

export type Scenes = Readonly<Record<string, Script | Scene>>;
