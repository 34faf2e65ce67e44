import { CopyLink } from '../help/copy-button.tsx';
import { momentOf, t } from '../i18n/words.ts';
import { Heading } from '../ui/heading.tsx';
import { Icon } from '../ui/icons.tsx';
import { useApp } from './app-context.ts';
import { AppealDoor } from './shared/appeal-door.tsx';
import { HelpLink } from './shared/help-lines.tsx';
import { HelpSteps, useHelp } from './shared/help-panel.tsx';
import { Notice } from './shared/notice.tsx';

/**
 * The screen for users under 18. It doesn't blame the user, offers no retry, and names places
 * that help. A
 * user who was refused because someone else on the device declared to be under 18 can appeal.
 */
export function AdultsOnly() {
  const refusal = useApp().navigation.ageRefusal.value;
  return (
    <Notice>
      <Heading>{t('adultsOnly.title')}</Heading>
      {refusal !== null && refusal !== 'user' ? (
        <>
          <p>
            {t('adultsOnly.device')} {t('sanctioned.until', { moment: momentOf(refusal.endsAtMs) })}
          </p>
          <p>{t('adultsOnly.appeal')}</p>
          <div class="go">
            <AppealDoor code={refusal.appeal} label={t('sanctioned.write')} />
          </div>
        </>
      ) : (
        <p>{t('adultsOnly.text')}</p>
      )}
      <div class="note">
        <Icon name="peace" size={20} />
        <p>
          {t('adultsOnly.help')} <HelpLink who="children" />
        </p>
      </div>
    </Notice>
  );
}

/** Shown while another tab searches or is in a call, or after it took over the session. */
export function Elsewhere() {
  const app = useApp();
  const state = app.tabs.elsewhere.value;
  if (state !== 'no') return <OtherTab isMoving={state === 'moving'} />;
  return (
    <Notice>
      <span class="badge large">
        <Icon name="tabs" />
      </span>
      <Heading>{t('elsewhere.title')}</Heading>
      <p>{t('elsewhere.text')}</p>
      <button type="button" class="btn big primary" onClick={() => app.link.start()}>
        {t('elsewhere.use')}
      </button>
      <p class="hint">{t('elsewhere.hint')}</p>
    </Notice>
  );
}

function OtherTab({ isMoving }: { isMoving: boolean }) {
  const { tabs } = useApp();
  return (
    <Notice>
      <span class="badge large">
        <Icon name="tabs" />
      </span>
      <Heading>{t(isMoving ? 'elsewhere.moving' : 'elsewhere.busy')}</Heading>
      {!isMoving && (
        <>
          <p>{t('elsewhere.busyText')}</p>
          <div class="go">
            <button type="button" class="btn big primary" onClick={() => tabs.goThere()}>
              {t('elsewhere.go')}
            </button>
            <button type="button" class="btn big" onClick={() => tabs.moveHere()}>
              {t('elsewhere.move')}
            </button>
          </div>
          <p class="hint" role="status">
            {t(tabs.pointed.value ? 'elsewhere.blinks' : 'elsewhere.one')}
          </p>
        </>
      )}
    </Notice>
  );
}

export function Outdated() {
  return (
    <Notice>
      <span class="badge large">
        <Icon name="retry" />
      </span>
      <Heading>{t('outdated.title')}</Heading>
      <p>{t('outdated.text')}</p>
      <button type="button" class="btn big primary" onClick={() => location.reload()}>
        {t('outdated.reload')}
      </button>
    </Notice>
  );
}

/** Offers a newer page. The page never reloads without a press. */
export function UpdateBanner() {
  return (
    <aside class="banner info">
      <p role="status">{t('outdated.ready')}</p>
      <button type="button" class="btn small" onClick={() => location.reload()}>
        {t('outdated.reload')}
      </button>
    </aside>
  );
}

export function Unsupported() {
  const help = useHelp({ kind: 'unsupported', device: 'both' });
  return (
    <Notice>
      <span class="badge large">
        <Icon name="unplugged" />
      </span>
      <Heading>{t('unsupported.title')}</Heading>
      <p>{t('unsupported.text')}</p>
      <HelpSteps help={help} />
      <CopyLink />
    </Notice>
  );
}

export function Fault() {
  const app = useApp();
  const kind = app.fault.value?.kind ?? 'protocol';
  return (
    <Notice>
      <span class="badge large">
        <Icon name="alert" />
      </span>
      <Heading>{t(`fault.title.${kind}`)}</Heading>
      <p>{t(`fault.text.${kind}`)}</p>
      <div class="go">
        {kind === 'wish' ? null : (
          <button type="button" class="btn big primary" onClick={() => app.link.start()}>
            {t('fault.again')}
          </button>
        )}
        <button type="button" class="btn big" onClick={() => app.navigation.home()}>
          {t('fault.home')}
        </button>
      </div>
    </Notice>
  );
}
