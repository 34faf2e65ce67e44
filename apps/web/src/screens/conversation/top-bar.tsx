import { Brand } from '@farandole/ui/arcs';
import type { CallView } from '../../call/call-view.ts';
import { languageName, listOf, t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';
import { SettingsButton } from '../shared/settings-button.tsx';
import { TopControls } from './control-bar.tsx';
import { Details } from './details.tsx';
import { Elapsed } from './elapsed.tsx';

export function TopBar() {
  const call = useApp().call.view.value;
  return (
    <header class="top">
      <Brand />
      {call === null && (
        <div class="top-end">
          <SettingsButton />
        </div>
      )}
      {call !== null && (
        <>
          <MatchReason call={call} />
          <Elapsed call={call} place="in-top" />
          <Details call={call} />
          <TopControls />
        </>
      )}
    </header>
  );
}

function MatchReason({ call }: { call: CallView }) {
  const { sharedInterests, sharedLanguages } = call;
  if (sharedInterests.length > 0) {
    return (
      <p class="reason">
        {t('call.bothLike')} <strong>{listOf(sharedInterests, 'conjunction')}</strong>
      </p>
    );
  }
  if (sharedLanguages.length === 0) return <p class="reason" />;
  const list = listOf(sharedLanguages.map(languageName), 'conjunction');
  return <p class="reason">{t('call.bothSpeak', { list })}</p>;
}
