import { computed, signal } from '@preact/signals';

/** The pages of plain text, each at its own fragment, so that links and the back button work. */
export const SITE_PAGES = ['safety', 'rules', 'privacy'] as const;

export type SitePage = (typeof SITE_PAGES)[number];

/** @param hash As in `location.hash`, with its `#`. */
export function sitePageOf(hash: string): SitePage | null {
  return SITE_PAGES.find((page) => `#${page}` === hash) ?? null;
}

const hash = signal('');

/** The page of text that the address names, or null. */
export const sitePage = computed(() => sitePageOf(hash.value));

/** Follows the address from now on. */
export function followAddress(): void {
  const read = (): void => {
    hash.value = location.hash;
    scrollTo(0, 0);
  };
  addEventListener('hashchange', read);
  read();
}

/** Takes the page of text out of the address without a new step in the history. */
export function leaveSitePage(): void {
  if (sitePage.value === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  hash.value = '';
}
