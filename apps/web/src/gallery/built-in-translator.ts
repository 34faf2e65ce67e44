/** A German sentence that the built-in translator of the gallery knows. */
export const GERMAN = 'Hallo, regnet es bei dir auch?';
/** A line that the chat of a scene contains too, because no text of the page may be new. */
const ENGLISH = 'hi, is it raining there too?';

/**
 * Gives the browser a translator that knows one sentence.
 * @param fails whether each translation fails
 */
export function installTranslator(fails = false): void {
  const availability = () => Promise.resolve('available');
  Object.assign(globalThis, {
    LanguageDetector: {
      availability,
      create: () =>
        Promise.resolve({
          detect: (text: string) => {
            const detectedLanguage = text === GERMAN ? 'de' : 'en';
            return Promise.resolve([{ detectedLanguage, confidence: 1 }]);
          },
        }),
    },
    Translator: {
      availability,
      create: () => (fails ? Promise.reject(new Error('no model')) : Promise.resolve(TRANSLATOR)),
    },
  });
}

const TRANSLATOR = { translate: () => Promise.resolve(ENGLISH) };

/** Removes the browser's translator, because not every browser has one. */
export function removeTranslator(): void {
  for (const name of ['LanguageDetector', 'Translator']) Reflect.deleteProperty(globalThis, name);
}
