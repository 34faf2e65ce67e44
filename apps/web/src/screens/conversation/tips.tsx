import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { placeAfter, ROTATES_EVERY_MS, rotates } from '../../a11y/rotation.ts';
import { t } from '../../i18n/words.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { lessMotion } from '../../ui/theme.ts';
import { useApp } from '../app-context.ts';

interface Tip {
  readonly icon: IconName;
  readonly text: string;
}

/**
 * Shows tips during the search, in the place of the chat. All tips are shown if they fit,
 * otherwise one at a time. With reduced motion they don't rotate, and a button shows the next
 * tip.
 */
export function Tips() {
  const app = useApp();
  const tips = useTips();
  const index = useSignal(0);
  const paused = useSignal(false);
  const attended = useSignal(false);
  const still = lessMotion(app.settings.preferences.value);
  const moving = rotates({ paused: paused.value, attended: attended.value, lessMotion: still });
  const shown = index.value % tips.length;
  const next = (): void => {
    index.value = placeAfter(shown, tips.length);
  };
  useEffect(() => {
    if (!moving) return;
    const timer = setTimeout(next, ROTATES_EVERY_MS);
    return () => clearTimeout(timer);
  }, [moving, shown]);
  const attend = (value: boolean) => (): void => {
    attended.value = value;
  };
  return (
    <aside
      class="side tips"
      aria-labelledby="tips-title"
      onPointerEnter={attend(true)}
      onPointerLeave={attend(false)}
      onFocusIn={attend(true)}
      onFocusOut={attend(false)}
    >
      <h2 id="tips-title">{t('waiting.tips')}</h2>
      <ul class="tip-list">
        {tips.map(({ icon, text }, place) => (
          <li key={text} class={place === shown ? 'tip now' : 'tip'}>
            <Icon name={icon} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
      <div class="tip-turns">
        <span class="number soft small">
          {t('waiting.tipOf', { place: shown + 1, count: tips.length })}
        </span>
        {!still && (
          <button
            type="button"
            class="btn ic plain"
            aria-label={t(paused.value ? 'waiting.tipPlay' : 'waiting.tipPause')}
            title={t(paused.value ? 'waiting.tipPlay' : 'waiting.tipPause')}
            onClick={() => {
              paused.value = !paused.value;
            }}
          >
            <Icon name={paused.value ? 'play' : 'pause'} size={20} />
          </button>
        )}
        <button
          type="button"
          class="btn ic plain"
          aria-label={t('waiting.tipNext')}
          title={t('waiting.tipNext')}
          onClick={next}
        >
          <Icon name="arrow" size={20} />
        </button>
      </div>
    </aside>
  );
}

function useTips(): readonly Tip[] {
  const app = useApp();
  const video = app.search.view.value?.mode === 'video';
  const relay = app.link.server.value?.relay;
  const direct =
    video &&
    (relay === 'direct' || relay === 'fallback') &&
    !app.settings.preferences.value.relayOnly;
  return [
    ...(direct ? [{ icon: 'alert', text: t('waiting.tipDirect') } as const] : []),
    ...(video ? [{ icon: 'cover', text: t('waiting.tipCover') } as const] : []),
    { icon: 'shield', text: t('waiting.tipPrivate') },
    { icon: 'leave', text: t('waiting.tipLeave') },
    { icon: 'flag', text: t(video ? 'waiting.tipReport' : 'waiting.tipReportText') },
  ];
}
