/**
 * Runs in the page in the pseudo language: finds text that didn't come from the translations.
 * @param given text of users, other programs, and names
 */
export function untranslated(given: readonly string[]): string[] {
  /** Names, and texts of the browser's lists and the keyboard. */
  const NAMES = ['Farandole', 'farandole', 'Français', 'English', 'and', 'or', 'Esc', 'Enter'];
  const ATTRIBUTES = [
    'aria-label',
    'aria-valuetext',
    'aria-description',
    'title',
    'placeholder',
    'alt',
  ];
  const app = document.getElementById('app') ?? document.body;
  const known = [...given, ...NAMES].filter((name) => name !== '');
  known.sort((a, b) => b.length - a.length);
  const said: string[] = [];
  for (const element of app.querySelectorAll('*')) {
    // Language names come from the browser; others are marked as untranslatable.
    if (element.closest('option, [translate="no"]') !== null) continue;
    said.push(...ATTRIBUTES.map((name) => element.getAttribute(name) ?? ''));
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) said.push(node.nodeValue ?? '');
    }
  }
  const plain = said.filter((text) => {
    let rest = text;
    for (const name of known) rest = rest.replaceAll(name, ' ');
    return /[A-Za-z]{2,}/u.test(rest);
  });
  return [...new Set(plain)].map((text) => `not from the words: “${text.trim()}”`);
}
