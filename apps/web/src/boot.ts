import { choosePageLanguage, loadWords, recallPageLanguage } from './i18n/languages.ts';

/**
 * The entry, small so that the file of words is asked for at once, beside the application and
 * not after it.
 */
const language = choosePageLanguage(recallPageLanguage(), navigator.languages);

const [{ start }] = await Promise.all([import('./main.tsx'), loadWords(language, 'first')]);
await start(language);
