import { computed, signal } from '@preact/signals';

/**
 * Text pages, such as the rules. Each has a URL fragment, so that links and the back button
 * work.
 */
export const SITE_PAGES = ['safety', 'rules', 'privacy'] as const;

export type SitePage = (typeof SITE_PAGES)[number];

/** @param hash a URL fragment with `#`, like `location.hash` */
export function sitePageOf(hash: string): SitePage | null {
  return SITE_PAGES.find((page) => `#${page}` === hash) ?? null;
}

const hash = signal('');

/** The text page that the URL fragment names, or null if it names none. */
export const sitePage = computed(() => sitePageOf(hash.value));

export function followAddress(): void {
  const read = (): void => {
    hash.value = location.hash;
    scrollTo(0, 0);
  };
  addEventListener('hashchange', read);
  read();
}

/** Closes the text page without a new entry in the browser's history. */
export function leaveSitePage(): void {
  if (sitePage.value === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  hash.value = '';
}
