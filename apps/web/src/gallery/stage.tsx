import { FALLBACK_LANGUAGE } from '@farandole/kernel/language';
import type { HelpLines } from '@farandole/protocol/http-api';
import { settled } from '@farandole/ui/settled';
import type { Stage } from '@farandole/ui/stage';
import { render } from 'preact';
import { browserPlatformOf } from '../help/which-browser.ts';
import { fromNow } from '../i18n/from-now.ts';
import {
  adaptWords,
  languageName,
  languageNameInText,
  momentOf,
  pageLanguage,
  recentMomentOf,
  usePageLanguage,
} from '../i18n/words.ts';
import { AppContext } from '../screens/app-context.ts';
import { choiceOf } from '../screens/exchange/choice.ts';
import { wordDiff } from '../screens/exchange/word-diff.ts';
import { hoursOf } from '../screens/hour/hour-card.tsx';
import { secondsLeftOf, timesOf } from '../screens/hour/hour-times.ts';
import { loadLandingExtras } from '../screens/landing.tsx';
import { countryName } from '../screens/shared/help-lines.tsx';
import type { AppModel } from '../state/app-model.ts';
import { community } from '../ui/community.ts';
import { helpListOf } from '../ui/help-list.ts';
import { hoursHere } from '../ui/hours-here.ts';
import { followAddress, SITE_PAGES } from '../ui/site-page.ts';
import { DRAWINGS } from './drawings.tsx';
import { drawPeopleAgain } from './drawn-people.ts';
import { drawCovers } from './drawn-pictures.ts';
import { pseudoWords } from './pseudo-words.ts';
import { SceneWorld } from './scene-world.ts';
import { isSceneName, playScene, SCENE_NAMES, sceneOf, viewsOf } from './scenes.ts';

/**
 * Names of view fields that contain text of a user or of another program. Such text isn't
 * translated.
 */
const GIVEN = new Set([
  'houseRules',
  ...['interests', 'sharedInterests', 'text', 'draft', 'note', 'code', 'sourceUrl'],
  ...['label', 'name', 'deviceLabel', 'words', 'appeal'],
]);
/**
 * Selects controls that open something, by attributes that are required for accessibility anyway.
 */
const OPENERS = 'summary, [aria-haspopup], button[aria-expanded="false"]';
/** Mounts the stage, which is empty until a program requests a view. */
export function setStage(root: HTMLElement): void {
  followAddress();
  let drawn: AppModel | null = null;
  let screen = '';
  const draw = async (scene: string): Promise<void> => {
    render(null, root);
    const name = isSceneName(scene) ? scene : 'landing';
    const page = SITE_PAGES.find((one) => `page-${one}` === scene) ?? sceneOf(name).page ?? null;
    const { draws, modes } = sceneOf(name);
    const Drawn = DRAWINGS[draws];
    const { dataset } = document.documentElement;
    if (modes === undefined) delete dataset['modes'];
    else dataset['modes'] = modes.join(' ');
    await goTo(page === null ? '' : `#${page}`);
    await loadLandingExtras();
    const world = new SceneWorld();
    drawCovers(world);
    const { app } = (await playScene(name, world)).you;
    drawn = app;
    screen = page ?? app.screen.value;
    render(
      <AppContext.Provider value={app}>
        <Drawn />
      </AppContext.Provider>,
      root,
    );
    // Waits until the requests that the drawn screen has made are complete.
    await world.time.quiet();
    await settled(root, drawPeopleAgain);
  };
  const stage: Stage = {
    scenes: [...SCENE_NAMES, ...SITE_PAGES.map((page) => `page-${page}`)],
    openers: () =>
      openersIn(root).map((control, index) => {
        const label = control.getAttribute('aria-label') ?? control.textContent;
        return { index, key: `${screen} ${label}` };
      }),
    async show({ scene, opener }, language) {
      const pseudo = language === 'pseudo';
      adaptWords((words) => (pseudo ? pseudoWords(words) : words));
      await usePageLanguage(pseudo ? FALLBACK_LANGUAGE : language);
      if (pseudo) document.documentElement.dir = 'rtl';
      await draw(scene);
      if (opener === null) return;
      openersIn(root)[opener]?.click();
      await settled(root, drawPeopleAgain);
    },
    given() {
      if (drawn === null) return [];
      const views = viewsOf(drawn);
      const { languages } = views.preferences;
      const { busiest = null, helpLines } = views.server ?? {};
      const { anybody = null, children = null }: Partial<HelpLines> = helpLines ?? {};
      const { app } = browserPlatformOf(views.browser);
      const communityView = community.value?.model.view.value;
      const facts = communityView?.state === 'here' ? [communityView.facts] : [];
      const programs = ['Chrome', 'Safari', ...(app === null || app === '' ? [] : [app])];
      return [
        ...stringsGiven(views, false),
        ...facts.flatMap(({ title, rules }) => [title, rules]),
        ...hourTexts(drawn),
        ...exchangeTexts(drawn),
        ...momentsIn(views).flatMap((atMs) => [
          momentOf(atMs),
          recentMomentOf(atMs),
          fromNow(atMs, Date.now()) ?? '',
        ]),
        ...[anybody, children].flatMap((named) =>
          helpListOf(named).map(({ country }) => (country === null ? '' : countryName(country))),
        ),
        ...(busiest === null ? [] : Object.values(hoursHere(busiest, pageLanguage(), Date.now()))),
        ...languages.map(languageName),
        ...programs,
      ];
    },
  };
  window.stage = stage;
}

/** Returns the title of the hour, and its times, which the browser formats. */
function hourTexts(app: AppModel): string[] {
  const hours = hoursOf(app);
  const { opensInMs = null } = app.search.view.value ?? {};
  const bell = app.reactions.model.value?.rounds.bell.value ?? null;
  const times = hours === null ? null : timesOf(hours, Date.now());
  const moments = times === null ? [] : [times.startMs, times.endMs];
  return [
    hours?.next.title ?? '',
    ...moments.flatMap((atMs) => [
      momentOf(atMs),
      recentMomentOf(atMs),
      fromNow(atMs, Date.now()) ?? '',
    ]),
    opensInMs === null ? '' : (fromNow(opensInMs, 0) ?? ''),
    bell === null ? '' : secondsLeftOf(bell, app.call.nowMs.value),
  ];
}

/** Returns the names of an exchange's languages, and the words of its corrections. */
function exchangeTexts(app: AppModel): string[] {
  const { learns = [] } = app.search.view.value?.exchange ?? {};
  const now = app.reactions.model.value?.exchange.view.value?.languages ?? [];
  const { speaks, learns: chosen } = choiceOf(app.settings.preferences.value.exchange, '');
  const tags = [...now, ...speaks, ...[...learns, ...chosen].map(({ language }) => language)];
  const closed = app.standing.exchangeClosed.value;
  const lines = app.chat.view.value?.lines ?? [];
  const corrections = lines.flatMap(({ text, corrects }) => {
    const before = lines.find(({ id }) => id === corrects);
    return before === undefined ? [] : wordDiff(before.text, text);
  });
  return [
    ...tags
      .filter((tag) => tag !== '')
      .flatMap((tag) => [languageName(tag), languageNameInText(tag)]),
    closed === null ? '' : momentOf(closed.endsAtMs),
    ...corrections.map(({ text }) => text.trim()),
  ];
}

function openersIn(root: HTMLElement): HTMLElement[] {
  const visible = [...root.querySelectorAll<HTMLElement>(OPENERS)].filter((control) =>
    control.checkVisibility({ visibilityProperty: true }),
  );
  const dialog = root.querySelector('dialog:modal');
  return dialog === null ? visible : visible.filter((control) => dialog.contains(control));
}

function stringsGiven(value: unknown, given: boolean): string[] {
  if (typeof value === 'string') return given ? [value, ...value.split('\n')] : [];
  if (Array.isArray(value)) return value.flatMap((item) => stringsGiven(item, given));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    stringsGiven(inner, given || GIVEN.has(field)),
  );
}

/** Returns all timestamps in a value. The browser formats them, so they aren't translated texts. */
function momentsIn(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(momentsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    typeof inner === 'number' && /(?:^a|A)tMs$/.test(field) ? [inner] : momentsIn(inner),
  );
}

async function goTo(hash: string): Promise<void> {
  if (location.hash === hash) return;
  const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
  location.hash = hash;
  await changed;
}
