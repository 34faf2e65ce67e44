import '../styles/later.css';
import { CopyLink } from '../help/copy-button.tsx';
import { t } from '../i18n/words.ts';
import { HelpSteps, useHelp } from './shared/help-panel.tsx';

export function NoVideoHelp() {
  const help = useHelp({ kind: 'unsupported', device: 'both' });
  const isApp = help.title.startsWith('help.inApp.');
  return (
    <section class="card no-video" aria-labelledby="no-video-title">
      <h2 id="no-video-title">{t(isApp ? help.title : 'help.byVideo', help.values)}</h2>
      {isApp && <p class="soft">{t(help.text, help.values)}</p>}
      <HelpSteps help={help} />
      {help.copiesLink && <CopyLink />}
    </section>
  );
}
