/**
 * Runs in the page in the pseudo language. Finds text that isn't from the translations.
 * @param given texts by users and other programs, and names
 */
export function untranslated(given: readonly string[]): string[] {
  /** Product names, and texts that come from the browser or stand on keys. */
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
    // Skips language names, which come from the browser, and text marked as untranslatable.
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
