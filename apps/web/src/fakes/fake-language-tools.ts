import type { LanguageTools } from '../chat/language-tools.ts';

/** Fake language tools. A text is in the language that precedes its colon, as in `de: hallo`. */
export class FakeLanguageTools implements LanguageTools {
  hasDetector = true;
  hasTranslator = true;
  fails = false;
  readonly translated: string[] = [];
  /** If set, a translation is ready only after this promise. */
  gate: Promise<void> | null = null;

  canDetect(): Promise<boolean> {
    return Promise.resolve(this.hasDetector);
  }

  detect(text: string): Promise<string | null> {
    return Promise.resolve(/^([a-z-]+):/iu.exec(text)?.[1] ?? null);
  }

  canTranslate(): Promise<boolean> {
    return Promise.resolve(this.hasTranslator);
  }

  async translate(text: string, from: string, to: string): Promise<string> {
    this.translated.push(text);
    await this.gate;
    if (this.fails) throw new Error('no translation');
    return `${to} of ${from}: ${text}`;
  }
}
