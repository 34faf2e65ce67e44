import { Brand } from '@farandole/ui/arcs';
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n/words.ts';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import { leaveSitePage, SITE_PAGES } from '../../ui/site-page.ts';
import { useApp } from '../app-context.ts';
import { LinkBanner } from './link-banner.tsx';
import { SettingsButton } from './settings-button.tsx';

/**
 * @param startsWith `main` if the header follows the main part in the order of the focus, so that
 *   the first press of Tab reaches the screen's first button
 */
export function Page({
  children,
  width,
  startsWith = 'header',
}: {
  children: ComponentChildren;
  width: 'wide' | 'text';
  startsWith?: 'header' | 'main';
}) {
  const app = useApp();
  const server = app.link.server.value;
  const source = server?.sourceUrl ?? null;
  const operator = server?.operator ?? null;
  return (
    <div class="page">
      {startsWith === 'header' && <Header />}
      <LinkBanner />
      <main class={`page-main ${width}`}>{children}</main>
      {startsWith === 'main' && <Header />}
      <footer class="page-foot">
        <nav aria-label={t('site.nav')}>
          {SITE_PAGES.map((page) => (
            <a key={page} href={`#${page}`}>
              {t(`site.${page}`)}
            </a>
          ))}
          {source !== null && (
            <a href={source} target="_blank" rel="noopener noreferrer external">
              {t('site.source')}
            </a>
          )}
          {operator !== null && operator.contact !== null && (
            <a href={operator.contact} target="_blank" rel="noopener noreferrer external">
              {t('site.contact')}
            </a>
          )}
        </nav>
        {operator !== null && operator.name !== null && (
          <p class="soft small run-by">
            {t('site.runBy')} <strong dir="auto">{operator.name}</strong>
          </p>
        )}
      </footer>
    </div>
  );
}

function Header() {
  const app = useApp();
  return (
    <header class="page-top">
      <a
        class="home"
        href="#"
        aria-label="Farandole"
        onClick={(event) => {
          event.preventDefault();
          leaveSitePage();
          app.navigation.home();
        }}
      >
        <Brand />
      </a>
      <div class="page-doors">
        <LanguageSwitch />
        <SettingsButton />
      </div>
    </header>
  );
}
