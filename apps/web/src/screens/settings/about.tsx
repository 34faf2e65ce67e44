import { version } from '../../../package.json';
import { CopyButton } from '../../help/copy-button.tsx';
import { pageLanguage, t } from '../../i18n/words.ts';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { useApp } from '../app-context.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { Group } from './rows.tsx';

export function About() {
  const server = useApp().link.server.value;
  const source = server?.sourceUrl ?? null;
  return (
    <Group icon="info" title={t('settings.about.title')} folded>
      <div class="settings-row">
        <p translate={false}>Farandole {version}</p>
        <p class="hint">{t('settings.about.licence')}</p>
        <div class="about-links">
          {source !== null && <OutsideLink href={source}>{t('site.source')}</OutsideLink>}
          <OutsideLink href="/licences.txt">{t('settings.about.licences')}</OutsideLink>
        </div>
      </div>
      <Diagnostics />
    </Group>
  );
}

function Diagnostics() {
  const app = useApp();
  const text = diagnosticsOf(app, {
    version,
    language: pageLanguage(),
    width: innerWidth,
    height: innerHeight,
    pixelRatio: devicePixelRatio,
  });
  return (
    <details class="folded diagnostics">
      <summary>{t('settings.about.diagnostics')}</summary>
      <p class="hint">{t('settings.about.diagnosticsHint')}</p>
      <pre translate={false} lang="en" dir="ltr">
        {text}
      </pre>
      <CopyButton
        text={text}
        label={t('settings.about.copy')}
        copied={t('settings.about.copied')}
        notCopied={t('settings.about.notCopied')}
        size="small"
      />
    </details>
  );
}
