import { t } from '../i18n/words.ts';
import type { LinkView } from '../state/app-model.ts';
import { useApp } from './app-context.ts';
import { Icon, type IconName } from './icons.tsx';

/**
 * One line on the link to the server, while there is something to say. It is not a live region:
 * the narrator says the same words once.
 */
export function LinkBanner() {
  const app = useApp();
  const told = bannerOf(app.link.value);
  if (told === null) return null;
  return (
    <div class={`banner ${told.tone}`}>
      <Icon name={told.icon} size={20} />
      <p>{told.text}</p>
      {told.retry && (
        <button type="button" class="btn small" onClick={() => app.retry()}>
          {t('link.retry')}
        </button>
      )}
    </div>
  );
}

interface Banner {
  readonly icon: IconName;
  readonly tone: 'info' | 'warning';
  readonly text: string;
  readonly retry: boolean;
}

function bannerOf({ state, moving }: LinkView): Banner | null {
  switch (state) {
    case 'reconnecting':
      return { icon: 'retry', tone: 'warning', text: t('link.reconnecting'), retry: false };
    case 'offline':
      return { icon: 'unplugged', tone: 'warning', text: t('link.offline'), retry: true };
    case 'down':
      return { icon: 'unplugged', tone: 'warning', text: t('link.down'), retry: true };
    case 'connecting':
    case 'online':
      return moving ? { icon: 'clock', tone: 'info', text: t('link.moving'), retry: false } : null;
  }
}
