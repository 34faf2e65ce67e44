import '../styles/rules.css';
import { APPEAL_PATH } from '@farandole/protocol/http-api';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { spanOfHours } from '../a11y/durations.ts';
import { pageLanguage, t } from '../i18n/words.ts';
import { FiveRules } from '../ui/five-rules.tsx';
import { Heading } from '../ui/heading.tsx';
import { Icon } from '../ui/icons.tsx';
import { OutsideLink } from '../ui/outside-link.tsx';
import { leaveSitePage, sitePage } from '../ui/site-page.ts';
import { useApp } from './app-context.ts';
import { meetingPart } from './conversation/meeting-part.ts';
import { HelpLink } from './shared/help-lines.tsx';
import { HouseRules } from './shared/house-rules.tsx';
import { lazy } from './shared/lazy.tsx';
import { Page } from './shared/page.tsx';

/** These parts of a text page load together with the page that contains them. */
const ownDecisions = lazy(async () => (await import('./standing.tsx')).OwnDecisions, 'place');
const ownRecords = lazy(async () => (await import('./own-records.tsx')).OwnRecords, 'place');

const PRIVACY = [1, 2, 3, 4, 5] as const;

export function SitePages() {
  const page = sitePage.value;
  useLayoutEffect(() => {
    // The link that opened the text page loses the focus, so that the page's heading can take the
    // focus.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }, [page]);
  if (page === null) return null;
  return (
    <Page width="text">
      <article class="prose" key={page}>
        <button type="button" class="btn plain" onClick={leaveSitePage}>
          <Icon name="back" size={20} />
          {t('site.back')}
        </button>
        <Heading>{t(`pages.${page}.title`)}</Heading>
        {page === 'safety' && <Safety />}
        {page === 'rules' && (
          <>
            <p class="lead">{t('pages.rules.lead')}</p>
            <FiveRules />
            <HouseRules />
          </>
        )}
        {page === 'privacy' && <Privacy />}
      </article>
    </Page>
  );
}

function Safety() {
  return (
    <>
      <SafetySection n={1} />
      <SafetySection n={2} />
      <SafetySection n={3} />
      <SafetySection n={4} />
      <ownRecords.Part />
      <SafetySection n={5} />
      <SafetySection n={6}>
        <OutsideLink href={APPEAL_PATH}>{t('pages.safety.appeal')}</OutsideLink>
      </SafetySection>
      <ownDecisions.Part />
      <DeskNumbers />
      <AddressSection />
      <SafetySection n={8} />
      <SafetySection n={9}>
        {t('report.helpUnder18')} <HelpLink who="children" />
      </SafetySection>
      <SafetySection n={10}>
        <Contact />
      </SafetySection>
    </>
  );
}

function SafetySection({
  n,
  children,
}: {
  n: 1 | 2 | 3 | 4 | 5 | 6 | 8 | 9 | 10;
  children?: ComponentChildren;
}) {
  return (
    <section>
      <h2>{t(`pages.safety.s${n}`)}</h2>
      <p>{t(`pages.safety.p${n}`)}</p>
      {children !== undefined && <p>{children}</p>}
    </section>
  );
}

/** Explains which parties learn the user's network address under this server's relay policy. */
function AddressSection() {
  const relay = useApp().link.server.value?.relay ?? null;
  return (
    <section>
      <h2>{t('pages.safety.s7')}</h2>
      <p>{t(relay === null ? 'pages.safety.p7' : `pages.safety.address.${relay}`)}</p>
    </section>
  );
}

/** Shows statistics about moderation that identify no user. */
function DeskNumbers() {
  const desk = useApp().link.server.value?.desk ?? null;
  if (desk === null) return null;
  const { halfWithinHours, overturnedPercent } = desk;
  return (
    <section>
      <h2>{t('pages.safety.desk')}</h2>
      <p>
        {halfWithinHours === null
          ? t('pages.safety.deskTimeUnknown')
          : timeInWords(halfWithinHours)}
      </p>
      <p>
        {overturnedPercent === null
          ? t('pages.safety.deskAppealsUnknown')
          : t('pages.safety.deskAppeals', {
              share: new Intl.NumberFormat(pageLanguage(), { style: 'percent' }).format(
                overturnedPercent / 100,
              ),
            })}
      </p>
    </section>
  );
}

function timeInWords(hours: number): string {
  const { unit, count } = spanOfHours(hours);
  return t(unit === 'days' ? 'pages.safety.deskDays' : 'pages.safety.deskHours', { count });
}

function Contact() {
  const contact = useApp().link.server.value?.operator.contact ?? null;
  if (contact === null) return t('pages.safety.noContact');
  return <OutsideLink href={contact}>{t('site.contact')}</OutsideLink>;
}

function Privacy() {
  // Until the server's facts are known, the privacy text describes the most that a server may do.
  const takesPictures = useApp().link.server.value?.pictures !== false;
  const part = meetingPart.model.value;
  meetingPart.prepare();
  return PRIVACY.map((n) => (
    <section key={n}>
      <h2>{t(`pages.privacy.s${n}`)}</h2>
      <p>{t(takesPictures && n === 1 ? 'pages.privacy.p1Pictures' : `pages.privacy.p${n}`)}</p>
      {n === 4 && part !== null && <p>{t('tellMe.privacy')}</p>}
    </section>
  ));
}
