/**
 * Runs in the page, which speaks the pseudo-language: what a person reads or hears there that did
 * not come from the words.
 *
 * @param given what people, other programs and names have said
 */
export function untranslated(given: readonly string[]): string[] {
  /** Names, and what the browser's own lists and the keyboard say. */
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
    // The names of all languages are the browser's; the other is marked as what no one translates.
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
