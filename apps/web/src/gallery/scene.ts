import type { SitePage } from '../ui/site-page.ts';
import type { Drawing } from './drawings.tsx';
import type { SceneWorld } from './scene-world.ts';

/** What happens until a scene stands: events of the fakes, and actions of the models. */
export type Script = (world: SceneWorld) => Promise<void>;

export interface Scene {
  readonly play: Script;
  /** The page by default. */
  readonly draws?: Drawing;
  /** The page of text that lies over the screen. */
  readonly page?: SitePage;
}

export type Scenes = Readonly<Record<string, Script | Scene>>;
