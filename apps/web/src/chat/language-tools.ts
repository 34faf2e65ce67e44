/** The browser's own language detector and translator. All functions reject if the browser fails. */
export interface LanguageTools {
  /** Whether the browser can detect languages without a download, which needs a user gesture. */
  canDetect(): Promise<boolean>;
  /** Returns the language of a text as BCP 47 tag, or null if it is uncertain. */
  detect(text: string): Promise<string | null>;
  /** Whether the browser can translate without a download. */
  canTranslate(from: string, to: string): Promise<boolean>;
  /** Translates a text. Must be called in a user gesture unless `canTranslate`. */
  translate(text: string, from: string, to: string): Promise<string>;
}

type Availability = 'unavailable' | 'downloadable' | 'downloading' | 'available';

interface Detector {
  detect(
    text: string,
  ): Promise<readonly { readonly detectedLanguage?: string; readonly confidence?: number }[]>;
}

interface Translator {
  translate(text: string): Promise<string>;
}

interface Pair {
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
}

/** The browser's Translator and Language Detector APIs. TypeScript's types lack them. */
interface BuiltIn {
  readonly LanguageDetector?: {
    availability(): Promise<Availability | null>;
    create(): Promise<Detector>;
  };
  readonly Translator?: {
    availability(pair: Pair): Promise<Availability | null>;
    create(pair: Pair): Promise<Translator>;
  };
}

const SURE_FROM = 0.5;

/** Returns the browser's language tools, or null if the browser has none. */
export function browserLanguageTools(): LanguageTools | null {
  const { LanguageDetector, Translator } = globalThis as BuiltIn;
  if (LanguageDetector === undefined || Translator === undefined) return null;
  let detector: Promise<Detector> | null = null;
  const translators = new Map<string, Promise<Translator>>();
  return {
    canDetect: async () => (await LanguageDetector.availability()) === 'available',
    async detect(text) {
      detector ??= LanguageDetector.create();
      // A failed download is tried again at the next press.
      const ready = await detector.catch((error: unknown) => {
        detector = null;
        throw error;
      });
      const [best] = await ready.detect(text);
      const { detectedLanguage: tag = 'und', confidence = 0 } = best ?? {};
      return tag === 'und' || confidence < SURE_FROM ? null : tag;
    },
    canTranslate: async (from, to) =>
      (await Translator.availability({ sourceLanguage: from, targetLanguage: to })) === 'available',
    async translate(text, from, to) {
      const pair = `${from} ${to}`;
      const made =
        translators.get(pair) ??
        Translator.create({ sourceLanguage: from, targetLanguage: to }).catch((error: unknown) => {
          translators.delete(pair);
          throw error;
        });
      translators.set(pair, made);
      return await (await made).translate(text);
    },
  };
}
