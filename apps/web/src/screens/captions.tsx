import '../styles/captions.css';
import type { ComponentChildren } from 'preact';
import { Captions } from '../captions/captions.ts';
import { browserSpeech } from '../captions/speech.ts';
import { spokenTags } from '../captions/spoken-tags.ts';
import { pageLanguage, t } from '../i18n/words.ts';
import { browserScheduler } from '../signal/browser-signal.ts';
import type { AppModel } from '../state/app-model.ts';
import { useApp } from './app-context.ts';
import { CallIcon } from './conversation/call-icons.tsx';
import type { WithRow } from './device-effects.tsx';

const opened = new WeakMap<AppModel, Captions | null>();

/** Returns the captions of the page's calls, or null if the browser can't make any by itself. */
function captionsOf(app: AppModel): Captions | null {
  const before = opened.get(app);
  if (before !== undefined) return before;
  const speech = browserSpeech();
  const { preferences } = app.settings;
  const made =
    speech === null
      ? null
      : new Captions({
          speech,
          scheduler: browserScheduler,
          track: () => app.call.peerStream.value?.getAudioTracks()[0] ?? null,
          wanted: () => preferences.value.captions,
          languages: () =>
            spokenTags(
              [
                ...(app.call.view.value?.sharedLanguages ?? []),
                pageLanguage(),
                ...preferences.value.languages,
              ],
              navigator.languages,
            ),
        });
  opened.set(app, made);
  return made;
}

/** What the stranger says, over their picture or below their name. */
export function CaptionLine() {
  const { state, text, language } = captionsOf(useApp())?.view.value ?? NONE;
  if (state === 'off') return null;
  if (state === 'failed') {
    return (
      <p class="captions" role="status">
        {t('effects.captions.failed')}
      </p>
    );
  }
  if (text === '') {
    return (
      <p class="captions" role="status">
        {t('effects.captions.ready')}
      </p>
    );
  }
  return (
    <div class="captions">
      <span class="sr">{t('effects.captions.label')}</span>
      <p dir="auto" lang={language ?? undefined}>
        {text}
      </p>
    </div>
  );
}

const NONE = { state: 'off', text: '', language: null } as const;

export function CaptionsSwitch({ Row }: WithRow) {
  const app = useApp();
  const captions = captionsOf(app);
  if (captions === null) return null;
  return (
    <Row
      name={t('effects.captions.name')}
      hint={t('effects.captions.hint')}
      checked={app.settings.preferences.value.captions}
      onChange={(on) => app.settings.set({ captions: on })}
    />
  );
}

/** @param Act the row of the caller, so that its code stays in the caller's file */
export function CaptionsAct({
  Act,
}: {
  Act: (row: {
    icon: ComponentChildren;
    onClick: () => void;
    children: string;
  }) => ComponentChildren;
}) {
  const app = useApp();
  const captions = captionsOf(app);
  if (captions === null) return null;
  const on = app.settings.preferences.value.captions;
  return (
    <li>
      <Act icon={<CallIcon name="chat" />} onClick={() => app.settings.set({ captions: !on })}>
        {t(on ? 'effects.captions.off' : 'effects.captions.on')}
      </Act>
    </li>
  );
}
