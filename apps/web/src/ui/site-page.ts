import { computed, signal } from '@preact/signals';

/** Text pages, each at a fragment, so that links and the back button work. */
export const SITE_PAGES = ['safety', 'rules', 'privacy'] as const;

export type SitePage = (typeof SITE_PAGES)[number];

/** @param hash like `location.hash`, with `#` */
export function sitePageOf(hash: string): SitePage | null {
  return SITE_PAGES.find((page) => `#${page}` === hash) ?? null;
}

const hash = signal('');

/** The text page in the address, or null. */
export const sitePage = computed(() => sitePageOf(hash.value));

export function followAddress(): void {
  const read = (): void => {
    hash.value = location.hash;
    scrollTo(0, 0);
  };
  addEventListener('hashchange', read);
  read();
}

/** Closes the text page without a new history entry. */
export function leaveSitePage(): void {
  if (sitePage.value === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  hash.value = '';
}
