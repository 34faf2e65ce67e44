import { Arcs } from '@farandole/ui/arcs';
import { clockOf, secondsAgo, secondsLeft } from '../a11y/durations.ts';
import { numberOf, t } from '../i18n/words.ts';
import { InterestField } from '../ui/chips.tsx';
import { Heading } from '../ui/heading.tsx';
import { Icon } from '../ui/icons.tsx';
import { LanguageField } from '../ui/language-field.tsx';
import { useApp } from './app-context.ts';
import { lazy } from './shared/lazy.tsx';
import { Page } from './shared/page.tsx';

/** These parts of the landing load late, because they are rarely needed. */
const noVideoHelp = lazy(async () => (await import('./no-video-help.tsx')).NoVideoHelp, 'place');
const recordNews = lazy(async () => (await import('./own-records.tsx')).RecordNews, 'place');
const warningNote = lazy(async () => (await import('./standing.tsx')).WarningNote, 'place');
const limitedNote = lazy(async () => (await import('./standing.tsx')).LimitedNote, 'place');
const textOnlyNote = lazy(async () => (await import('./standing.tsx')).TextOnlyNote, 'place');

/** The landing screen. One press starts a search; everything else on the screen is optional. */
export function Landing() {
  const app = useApp();
  const online = app.link.online.value;
  // The page makes no promise about pictures in reports before the server's facts are known.
  const takesPictures = app.link.server.value?.pictures ?? null;
  return (
    <Page width="wide">
      <div class="landing">
        <div class="pitch">
          <RejoinOffer />
          <Heading>{t('landing.title')}</Heading>
          <p class="lead">{t('landing.lead')}</p>
          <StartButtons />
          {app.standing.limited.value !== null && <limitedNote.Part />}
          {app.records.warning.value !== null && <warningNote.Part />}
          {app.records.news.value && <recordNews.Part />}
          <ul class="facts">
            <li>{t('landing.adults')}</li>
            {app.devices.supported && !app.settings.preferences.value.greenRoomPassed && (
              <li>{t('landing.yourself')}</li>
            )}
            {takesPictures !== null && (
              <li>{t(takesPictures ? 'landing.reportPictures' : 'landing.notRecorded')}</li>
            )}
            {online !== null && (
              <li>{t('landing.online', { count: online, shown: numberOf(online) })}</li>
            )}
          </ul>
        </div>
        <Wishes />
      </div>
    </Page>
  );
}

/** Offers to rejoin a call whose page the browser killed. */
function RejoinOffer() {
  const { rejoin } = useApp();
  if (rejoin.offer.value === null) return null;
  return (
    <section class="note rejoin" aria-label={t('rejoin.label')}>
      <Icon name="retry" size={20} />
      <div>
        <p>
          {t('rejoin.text', { count: secondsAgo(rejoin.agoMs.value) })}{' '}
          <span class="number">
            {t('rejoin.left', { time: clockOf(secondsLeft(rejoin.leftMs.value) * 1_000) })}
          </span>
        </p>
        <div class="go">
          <button type="button" class="btn primary" onClick={() => rejoin.take()}>
            {t('rejoin.take')}
          </button>
          <button type="button" class="btn" onClick={() => rejoin.decline()}>
            {t('rejoin.decline')}
          </button>
        </div>
      </div>
    </section>
  );
}

function StartButtons() {
  const app = useApp();
  const keptToText = app.standing.view.value?.may === 'text';
  // On an insecure origin the browser offers no camera and no device key.
  if (!isSecureContext) {
    return (
      <div class="go">
        <StartNote words="landing.insecure" />
      </div>
    );
  }
  if (app.devices.supported && !keptToText) {
    return (
      <div class="go">
        <button type="button" class="btn big spark" onClick={() => app.navigation.start('video')}>
          {t('landing.startVideo')}
        </button>
        <button type="button" class="btn big" onClick={() => app.navigation.start('text')}>
          {t('landing.textOnly')}
        </button>
      </div>
    );
  }
  return (
    <div class="go">
      <button type="button" class="btn big spark" onClick={() => app.navigation.start('text')}>
        {t('landing.textOnly')}
      </button>
      {keptToText ? <textOnlyNote.Part /> : <NoVideo />}
    </div>
  );
}

function NoVideo() {
  return (
    <>
      <StartNote words="landing.noVideo" />
      <noVideoHelp.Part />
    </>
  );
}

function StartNote({ words }: { words: 'landing.noVideo' | 'landing.insecure' }) {
  return (
    <p class="note">
      <Icon name="info" size={20} />
      <span>{t(words)}</span>
    </p>
  );
}

function Wishes() {
  const app = useApp();
  const { interests, onlyShared, languages } = app.settings.preferences.value;
  const wish = app.fault.value?.wish ?? null;
  return (
    <div class="wishes">
      <Arcs mood="still" />
      <section class="card" aria-labelledby="wishes-title">
        <h2 id="wishes-title">{t('landing.wishes')}</h2>
        <InterestField
          items={interests}
          refused={wish === 'bad-interest'}
          onChange={(items) => app.settings.set({ interests: items })}
        />
        {interests.length > 0 && (
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              checked={onlyShared}
              onChange={(event) => app.settings.set({ onlyShared: event.currentTarget.checked })}
            />
            <span>{t('interests.onlyShared')}</span>
          </label>
        )}
        <LanguageField
          tags={languages}
          refused={wish === 'bad-language'}
          onChange={(tags) => app.settings.set({ languages: tags })}
        />
        {app.settings.storageBlocked.value && <p class="hint">{t('landing.storage')}</p>}
      </section>
    </div>
  );
}
