import { t } from '../../i18n/words.ts';
import { community } from '../../ui/community.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { SettingsButton } from '../shared/settings-button.tsx';
import { MoreButton } from './control-bar.tsx';
import { Details } from './details.tsx';
import { Elapsed } from './elapsed.tsx';
import { ReportButton } from './report-button.tsx';

/** The upper edge of a conversation. The way out is at its start in every state. */
export function TopBar() {
  const app = useApp();
  const call = app.call.view.value;
  const here = community.value;
  return (
    <header class="top">
      {app.call.ended.value === null ? <StopButton /> : <HomeButton />}
      {call !== null && <Details call={call} />}
      {call !== null && <Elapsed call={call} />}
      {here !== null && <here.Name />}
      <div class="top-end">
        {call === null ? <SettingsButton /> : <MoreButton />}
        {call?.mode === 'video' && <ReportButton />}
      </div>
    </header>
  );
}

function StopButton() {
  const app = useApp();
  return (
    <button
      type="button"
      class="btn stop"
      title={t('call.stop')}
      onClick={() => app.navigation.stop()}
    >
      <Icon name="cross" size={20} />
      <span>{t('call.stop')}</span>
    </button>
  );
}

function HomeButton() {
  const app = useApp();
  return (
    <button type="button" class="btn stop" onClick={() => app.navigation.home()}>
      <Icon name="back" size={20} />
      <span>{t('ended.home')}</span>
    </button>
  );
}
