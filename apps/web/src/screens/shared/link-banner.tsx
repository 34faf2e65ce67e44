import { t } from '../../i18n/words.ts';
import type { LinkView } from '../../signal/link-view.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import type { ScreenName } from '../../ui/screen-name.ts';
import { useApp } from '../app-context.ts';

/** Screens that show themselves why the link to the server ended, so that the banner needn't. */
const SAY_WHY: ReadonlySet<ScreenName> = new Set<ScreenName>([
  'elsewhere',
  'unsupported',
  'outdated',
  'sanctioned',
  'fault',
]);

/**
 * Shows that the link to the server is lost. The banner is not a live region, because the
 * narrator says the same words.
 */
export function LinkBanner() {
  const app = useApp();
  const told = SAY_WHY.has(app.screen.value)
    ? null
    : bannerOf(app.link.view.value, app.call.view.value !== null);
  if (told === null) return null;
  return (
    <aside class={`banner ${told.tone}`} aria-label={t('link.label')}>
      <Icon name={told.icon} size={20} />
      <p>{told.text}</p>
      {told.retry && (
        <button type="button" class="btn small" onClick={() => app.link.start()}>
          {t('link.retry')}
        </button>
      )}
    </aside>
  );
}

interface Banner {
  readonly icon: IconName;
  readonly tone: 'info' | 'warning';
  readonly text: string;
  readonly retry: boolean;
}

function bannerOf({ state, moving }: LinkView, inCall: boolean): Banner | null {
  switch (state) {
    case 'reconnecting':
      return { icon: 'retry', tone: 'warning', text: t('link.reconnecting'), retry: false };
    case 'offline':
      return { icon: 'unplugged', tone: 'warning', text: t('link.offline'), retry: true };
    case 'down':
      return { icon: 'unplugged', tone: 'warning', text: t('link.down'), retry: true };
    case 'connecting':
    case 'online':
      if (!moving) return null;
      return {
        icon: 'clock',
        tone: 'info',
        text: t(inCall ? 'link.movingCall' : 'link.moving'),
        retry: false,
      };
  }
}
