import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { Icon, type IconName } from '../../parts/icons.tsx';

/** What is good to know before somebody is there; in the place where the chat will be. */
export function Tips() {
  const app = useApp();
  const video = app.search.value?.mode === 'video';
  const relay = app.server.value?.relay;
  const direct = video && (relay === 'direct' || relay === 'fallback');
  return (
    <aside class="side tips" aria-labelledby="tips-title">
      <h2 id="tips-title">{t('waiting.tips')}</h2>
      <ul>
        {direct && <Tip icon="alert" text={t('waiting.tipDirect')} />}
        {video && <Tip icon="cover" text={t('waiting.tipCover')} />}
        <Tip icon="shield" text={t('waiting.tipPrivate')} />
        <Tip icon="leave" text={t('waiting.tipLeave')} />
        <Tip icon="flag" text={t(video ? 'waiting.tipReport' : 'waiting.tipReportText')} />
      </ul>
    </aside>
  );
}

function Tip({ icon, text }: { icon: IconName; text: string }) {
  return (
    <li>
      <Icon name={icon} />
      <span>{text}</span>
    </li>
  );
}
