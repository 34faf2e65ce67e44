import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { loadAllWords, numberOf, pageLanguage, t } from '../i18n/words.ts';
import { outOfDate } from '../offline/build-news.ts';
import { community } from '../ui/community.ts';
import { Heading } from '../ui/heading.tsx';
import { hoursHere } from '../ui/hours-here.ts';
import { Icon } from '../ui/icons.tsx';
import { invited } from '../ui/invited.ts';
import { useApp } from './app-context.ts';
import { lazy } from './shared/lazy.tsx';
import { Page } from './shared/page.tsx';
import { StartButton } from './shared/start-button.tsx';

/** These parts of the landing load late, because they are rarely needed. */
const rejoinOffer = lazy(async () => (await import('./rejoin-offer.tsx')).RejoinOffer, 'place');
const invitedNote = lazy(async () => {
  const { meetingPart } = await import('./conversation/meeting-part.ts');
  return (await meetingPart.load()).InvitedNote;
}, 'place');
const noVideoHelp = lazy(async () => (await import('./no-video-help.tsx')).NoVideoHelp, 'place');
const recordNews = lazy(async () => (await import('./own-records.tsx')).RecordNews, 'place');
const warningNote = lazy(async () => (await import('./standing.tsx')).WarningNote, 'place');
const limitedNote = lazy(async () => (await import('./standing.tsx')).LimitedNote, 'place');
const textOnlyNote = lazy(async () => (await import('./standing.tsx')).TextOnlyNote, 'place');
const updateBanner = lazy(async () => (await import('./notices.tsx')).UpdateBanner, 'place');

const startButtons = lazy(
  async () => (await (await import('./voice/voice-part.ts')).voicePart.load()).StartButtons,
  'place',
);

const hourCard = lazy(async () => (await import('./hour/hour-part.ts')).loadHourCard(), 'place');

const picture = signal<ComponentType | null>(null);
const wishes = signal<ComponentType | null>(null);

/**
 * Loads the drawing and the chips with their texts, because the user can start without them. Space
 * is reserved for them. If loading fails, the page retries once the network is back.
 */
export async function loadLandingExtras(): Promise<void> {
  const drawing = import('./living-picture.tsx').then(({ LivingPicture }) => {
    picture.value = LivingPicture;
  });
  const chips = Promise.all([import('./landing-wishes.tsx'), loadAllWords()]).then(
    ([{ LandingWishes }]) => {
      wishes.value = LandingWishes;
    },
  );
  try {
    await Promise.all([drawing, chips]);
  } catch {
    addEventListener('online', () => void loadLandingExtras(), { once: true });
  }
}

/** The landing screen. One press starts a search; everything else on the screen is optional. */
export function Landing() {
  const app = useApp();
  useEffect(() => void loadLandingExtras(), []);
  const here = community.value;
  const [Picture, Wishes] = [picture.value, wishes.value];
  return (
    <Page width="wide" startsWith="main">
      <div class="landing">
        <div class="living-place">{Picture !== null && <Picture />}</div>
        <div class="pitch">
          {outOfDate.value && <updateBanner.Part />}
          {app.rejoin.offer.value !== null && <rejoinOffer.Part />}
          {invited.value !== null && <invitedNote.Part />}
          {here === null ? (
            <>
              <Heading>{t('landing.title')}</Heading>
              <p class="lead">{t('landing.lead')}</p>
              <StartButtons />
              {app.link.server.value?.hours && <hourCard.Part />}
            </>
          ) : (
            <here.Landing>
              <StartButtons />
            </here.Landing>
          )}
          {app.standing.limited.value !== null && <limitedNote.Part />}
          {app.records.warning.value !== null && <warningNote.Part />}
          {app.records.news.value && <recordNews.Part />}
          <div class="wishes-place">{Wishes !== null && <Wishes />}</div>
          <OthersHere />
        </div>
      </div>
    </Page>
  );
}

/** Shows how many users are online, or the usual hours if there are few. */
function OthersHere() {
  const { link } = useApp();
  const online = link.online.value;
  const busiest = link.server.value?.busiest ?? null;
  if (online !== null) {
    return (
      <p class="others many">{t('landing.online', { count: online, shown: numberOf(online) })}</p>
    );
  }
  if (busiest === null || !link.isOnline.value) return null;
  return (
    <p class="others">{t('landing.busiest', hoursHere(busiest, pageLanguage(), Date.now()))}</p>
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
  if (document.documentElement.dataset['modes']) return <startButtons.Part />;
  if (app.devices.supported && !keptToText) {
    return (
      <div class="go">
        <StartButton mode="video" isFirst />
        <StartButton mode="text" />
      </div>
    );
  }
  return (
    <div class="go">
      <StartButton mode="text" isFirst />
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
