import { render } from 'preact';
import { browserPlaceOf } from '../help/which-browser.ts';
import { choosePageLanguage } from '../i18n/languages.ts';
import { adaptWords, languageName, usePageLanguage } from '../i18n/words.ts';
import { AppContext } from '../parts/app-context.ts';
import { followAddress, SITE_PAGES } from '../parts/site-page.ts';
import { App } from '../screens/app.tsx';
import { drawPeopleAgain } from './drawn-people.ts';
import { pseudoWords } from './pseudo-words.ts';
import { sceneModel } from './scene-model.ts';
import { isSceneName, SCENES } from './scenes.ts';

/** One picture of the gallery: a scene, a page of text, or a scene in which something is opened. */
export interface View {
  readonly name: string;
  readonly scene: string;
  /** The place of the pressed control among those of the scene that open something. */
  readonly opener: number | null;
}

/** What programs that look at every screen call, in a page that is loaded once. */
export interface Stage {
  /** Every view there is, also of what opens by a press: found by looking, not listed by hand. */
  views(): Promise<readonly View[]>;
  /**
   * Draws it as it will stay. What is opened may be remembered outside of what is drawn: after a
   * view with an opener the page is to be loaded again. `pseudo` is English with accents, longer, from right to left.
   */
  show(view: View, language: string): Promise<void>;
  /** What of a scene is no sentence of the page's own: people's words, names, addresses. */
  given(view: View): readonly string[];
}

declare global {
  interface Window {
    stage?: Stage;
  }
}

/** Fields of a scene that hold what people or other programs have said. */
const GIVEN = new Set([
  ...['interests', 'sharedInterests', 'text', 'draft', 'note', 'code', 'sourceUrl'],
  ...['label', 'name', 'deviceLabel', 'words'],
]);
/** What opens something, by the marks that it must have anyway. */
const OPENERS =
  'button[popovertarget]:not([popovertargetaction="hide"]), summary, [aria-haspopup], button[aria-expanded="false"]';
/** A drawing that has not settled after so many frames is a fault of its own. */
const FRAMES_MAX = 300;

/** Puts the stage into the window; it stays empty until a view is asked for. */
export function setStage(root: HTMLElement): void {
  followAddress();
  const draw = async (scene: string): Promise<void> => {
    render(null, root);
    const page = SITE_PAGES.find((name) => `page-${name}` === scene);
    await goTo(page === undefined ? '' : `#${page}`);
    const name = isSceneName(scene) ? scene : 'landing';
    render(
      <AppContext.Provider value={sceneModel(SCENES[name])}>
        <App />
      </AppContext.Provider>,
      root,
    );
    await settled(root);
  };
  window.stage = {
    async views() {
      const names = [...Object.keys(SCENES), ...SITE_PAGES.map((page) => `page-${page}`)];
      const views: View[] = [];
      const opened: View[] = [];
      const seen = new Set<string>();
      for (const scene of names) {
        views.push({ name: scene, scene, opener: null });
        await draw(scene);
        const screen = isSceneName(scene) ? SCENES[scene].screen : scene;
        for (const [opener, control] of openersIn(root).entries()) {
          const label = control.getAttribute('aria-label') ?? control.textContent;
          const key = `${screen} ${label}`;
          if (seen.has(key)) continue;
          seen.add(key);
          opened.push({ name: `${scene}-opened-${opener + 1}`, scene, opener });
        }
      }
      return [...views, ...opened];
    },
    async show({ scene, opener }, language) {
      const pseudo = language === 'pseudo';
      adaptWords((words) => (pseudo ? pseudoWords(words) : words));
      await usePageLanguage(choosePageLanguage(pseudo ? 'en' : language, []));
      if (pseudo) document.documentElement.dir = 'rtl';
      await draw(scene);
      if (opener !== null) openersIn(root)[opener]?.click();
      await settled(root);
    },
    given({ scene }) {
      const name = isSceneName(scene) ? scene : 'landing';
      const { languages } = SCENES[name].preferences;
      const { app } = browserPlaceOf(SCENES[name].browser);
      const programs = ['Chrome', 'Safari', ...(app === null || app === '' ? [] : [app])];
      return [...stringsGiven(SCENES[name], false), ...languages.map(languageName), ...programs];
    },
  };
}

function openersIn(root: HTMLElement): HTMLElement[] {
  const visible = [...root.querySelectorAll<HTMLElement>(OPENERS)].filter((control) =>
    control.checkVisibility({ visibilityProperty: true }),
  );
  const dialog = root.querySelector('dialog:modal');
  return dialog === null ? visible : visible.filter((control) => dialog.contains(control));
}

function stringsGiven(value: unknown, given: boolean): string[] {
  if (typeof value === 'string') return given ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => stringsGiven(item, given));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    stringsGiven(inner, given || GIVEN.has(field)),
  );
}

async function goTo(hash: string): Promise<void> {
  if (location.hash === hash) return;
  const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
  location.hash = hash;
  await changed;
}

/** Waits until it is drawn, stands still, and its pictures and its letters are there. */
async function settled(root: HTMLElement): Promise<void> {
  let changes = 0;
  const observer = new MutationObserver((records) => {
    changes += records.length;
  });
  observer.observe(root, { subtree: true, childList: true, attributes: true });
  let quietFrames = 0;
  for (let frame = 0; frame < FRAMES_MAX && quietFrames < 2; frame += 1) {
    drawPeopleAgain();
    await nextFrame();
    for (const animation of document.getAnimations()) standStill(animation);
    const waits = [...root.querySelectorAll('video')].some(
      (video) => video.srcObject !== null && video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA,
    );
    quietFrames = changes > 0 || waits || root.querySelector('h1') === null ? 0 : quietFrames + 1;
    changes = 0;
  }
  observer.disconnect();
  await document.fonts.ready;
}

/** At its end, if it has one; else at its first picture. */
function standStill(animation: Animation): void {
  if (animation.effect?.getComputedTiming().endTime === Infinity) {
    animation.pause();
    animation.currentTime = 0;
  } else {
    animation.finish();
  }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}
