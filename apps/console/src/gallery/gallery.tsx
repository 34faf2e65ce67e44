import { assert } from '@farandole/kernel/assert';
import { chooseLanguage } from '@farandole/kernel/language';
import { LANGUAGES } from '@farandole/ui/locales';
import { SceneIndex } from '@farandole/ui/scene-index';
import { settled } from '@farandole/ui/settled';
import type { Stage } from '@farandole/ui/stage';
import { render } from 'preact';
import type { ApiReply } from '../api/api-client.ts';
import { t, words } from '../i18n/words.ts';
import { ConsoleContext } from '../parts/console-context.ts';
import { Shell } from '../screens/shell.tsx';
import { ConsoleModel } from '../state/console-model.ts';
import { followAddress } from '../state/route.ts';
import { me, NOW_MS } from './sample-desk.ts';
import { SCENES, type Scene, STATUS } from './scenes.ts';

/**
 * Shows every screen of the console in every state without a node, for development.
 * `?scene=console-queue&language=fr` shows one screen. With `?stage` a test driver chooses the
 * screens, as in the page's gallery. No build includes this file.
 */
const asked = new URLSearchParams(location.search);
const root = document.getElementById('app');
assert(root !== null, 'the document has no #app');
followAddress();
await words.use(chooseLanguage([asked.get('language'), ...navigator.languages], LANGUAGES));

const chosen = SCENES[asked.get('scene') ?? ''];
if (asked.has('stage')) setStage(root);
else if (chosen !== undefined) await draw(root, chosen);
else {
  render(<SceneIndex title="Every screen of the console" names={Object.keys(SCENES)} />, root);
}

function setStage(into: HTMLElement): void {
  const stage: Stage = {
    scenes: Object.keys(SCENES),
    openers: () => [],
    async show({ scene }, language) {
      const shown = SCENES[scene];
      assert(shown !== undefined, 'there is no such scene');
      await words.use(language);
      await draw(into, shown);
    },
    given: () => [],
  };
  window.stage = stage;
}

async function draw(into: HTMLElement, scene: Scene): Promise<void> {
  render(null, into);
  await goTo(scene.hash);
  const model = modelOf(scene);
  render(
    <ConsoleContext.Provider value={model}>
      <Shell />
    </ConsoleContext.Provider>,
    into,
  );
  await model.begin();
  if (scene.draft !== null) model.changeDraft(scene.hash.split('/').at(-1) ?? '', scene.draft);
  if (scene.notice === 'bad') model.say(t('refused.taken'), { bad: true });
  if (scene.notice === 'undo') {
    const undo = { untilMs: NOW_MS + 8_000, run: async () => {} };
    model.say(t('decide.done', { measure: t('decided.suspend-1d') }), { undo });
  }
  model.keysOpen.value = scene.keysOpen;
  model.breakDue.value = scene.breakDue;
  await settled(into);
}

function modelOf(scene: Scene): ConsoleModel {
  const says: Scene['says'] = { desk: me(...scene.roles), ...scene.says };
  return new ConsoleModel({
    api: {
      get: async <Value,>(path: string) => answerOf<Value>(says[path]),
      bytes: async (path) => answerOf<ArrayBuffer>(says[`POST ${path}`] ?? null),
      post: async <Value,>(path: string) => answerOf<Value>(says[`POST ${path}`] ?? {}),
    },
    open: ({ counts, lost }) => {
      counts(scene.counts);
      if (scene.lost) queueMicrotask(lost);
      return { close: () => {} };
    },
    wallMs: () => NOW_MS,
  });
}

async function answerOf<Value>(said: unknown): Promise<ApiReply<Value>> {
  if (said === null) return await new Promise(() => {});
  if (typeof said !== 'string') return { ok: true, value: said as Value };
  return { ok: false, problem: { error: said, detail: '', status: STATUS[said] ?? 500 } };
}

async function goTo(hash: string): Promise<void> {
  if (location.hash === hash) return;
  const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
  location.hash = hash;
  await changed;
}
