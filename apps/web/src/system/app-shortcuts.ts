/** Fragments of the app's shortcuts, as in the web app manifest. */
const SHORTCUTS: Readonly<Record<string, string>> = {
  '#start-video': '.pitch .spark',
  '#start-text': '.pitch .text-only, .pitch .spark:only-of-type',
};

/**
 * Handles the shortcuts of the installed app. A shortcut leads to its button and doesn't press it,
 * because any site can link to the same address, and a link must not start a search.
 */
export function followAppShortcuts(): void {
  const read = (): void => {
    const button = SHORTCUTS[location.hash];
    if (button === undefined) return;
    history.replaceState(history.state, '', location.pathname + location.search);
    // Only the landing has the button.
    document.querySelector<HTMLElement>(button)?.focus();
  };
  addEventListener('hashchange', read);
  read();
}
