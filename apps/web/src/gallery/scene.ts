import type { Mode } from '@farandole/protocol/fields';
import type { SitePage } from '../ui/site-page.ts';
import type { Drawing } from './drawings.tsx';
import type { SceneWorld } from './scene-world.ts';

/** A way to meet, as the operator names it. */
export type OfferedWay = Mode | 'exchange';

export type Script = (world: SceneWorld) => Promise<void>;

export interface Scene {
  readonly play: Script;
  readonly draws?: Drawing;
  readonly page?: SitePage;
  /** The ways to meet that the operator offers. The default if absent. */
  readonly modes?: readonly OfferedWay[];
}

export type Scenes = Readonly<Record<string, Script | Scene>>;
