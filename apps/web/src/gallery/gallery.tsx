import { chooseLanguage } from '@farandole/kernel/language';
import { LANGUAGES } from '@farandole/ui/locales';
import { SceneIndex } from '@farandole/ui/scene-index';
import { render } from 'preact';
import { usePageLanguage } from '../i18n/words.ts';
import { mount } from '../mount.tsx';
import { AppContext } from '../screens/app-context.ts';
import { applyTheme, DEFAULT_THEME } from '../ui/theme.ts';
import { DRAWINGS } from './drawings.tsx';
import { drawCovers, drawPictures } from './drawn-pictures.ts';
import { SceneWorld } from './scene-world.ts';
import { isSceneName, playScene, SCENE_NAMES, sceneOf } from './scenes.ts';
import { setStage } from './stage.tsx';

/**
 * The gallery draws every screen in every state, without a server, a camera or a peer.
 * `?scene=call-covered&language=fr` shows one state. With `?stage` it waits for a program that
 * requests scenes. No build contains the gallery.
 */
const asked = new URLSearchParams(location.search);
const language = asked.get('language');
await usePageLanguage(chooseLanguage([language, ...navigator.languages], LANGUAGES));

drawPictures();
const scene = asked.get('scene') ?? '';
const root = document.getElementById('app');
if (asked.has('stage') && root !== null) {
  // Chooses the layout for the browser's own text size.
  applyTheme(DEFAULT_THEME);
  setStage(root);
} else if (isSceneName(scene)) {
  const { page, draws } = sceneOf(scene);
  const world = new SceneWorld();
  drawCovers(world);
  const { app: model } = (await playScene(scene, world)).you;
  location.hash = page ?? '';
  if (draws === 'page') mount(model);
  else if (root !== null) {
    const Drawn = DRAWINGS[draws];
    render(
      <AppContext.Provider value={model}>
        <Drawn />
      </AppContext.Provider>,
      root,
    );
  }
} else if (root !== null) {
  render(<SceneIndex title="Every screen" names={[...SCENE_NAMES]} />, root);
}
