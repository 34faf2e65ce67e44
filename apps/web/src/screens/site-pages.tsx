import '../styles/rules.css';
import { useLayoutEffect } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useApp } from '../parts/app-context.ts';
import { FiveRules } from '../parts/five-rules.tsx';
import { Heading } from '../parts/heading.tsx';
import { Icon } from '../parts/icons.tsx';
import { lazy } from '../parts/lazy.tsx';
import { Page } from '../parts/page.tsx';
import { leaveSitePage, sitePage } from '../parts/site-page.ts';

/** Fetched with what it shows. */
const ownRecords = lazy(async () => (await import('./own-records.tsx')).OwnRecords, 'place');

const SECTIONS = [1, 2, 3, 4, 5] as const;

/** Safety, rules and privacy in plain text, true of this server. */
export function SitePages() {
  const page = sitePage.value;
  const takesPictures = useApp().server.value?.pictures === true;
  useLayoutEffect(() => {
    // The link that led here may be on each of these pages: it lets go, for the heading to be read.
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
        {page === 'rules' ? (
          <>
            <p class="lead">{t('pages.rules.lead')}</p>
            <FiveRules />
          </>
        ) : (
          SECTIONS.map((n) => (
            <section key={n}>
              <h2>{t(`pages.${page}.s${n}`)}</h2>
              <p>
                {t(
                  takesPictures && page === 'privacy' && n === 1
                    ? 'pages.privacy.p1Pictures'
                    : `pages.${page}.p${n}`,
                )}
              </p>
            </section>
          ))
        )}
        {page === 'safety' && <ownRecords.Part />}
      </article>
    </Page>
  );
}
