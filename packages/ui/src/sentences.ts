/**
 * A tree of interface sentences by name in i18next's JSON v4 format, which translation tools
 * read.
 */
export type WordTree = { readonly [name: string]: string | WordTree };

export type WordValues = Readonly<Record<string, string | number>>;

/**
 * Replaces each placeholder `{{name}}` of a sentence with its value. A placeholder without a
 * value stays.
 */
export function fill(sentence: string, values: WordValues): string {
  return sentence.replaceAll(/\{\{(\w+)\}\}/gu, (gap, key: string) => String(values[key] ?? gap));
}

/**
 * Replaces the spaces of a formatted time with no-break spaces, except the one between date and
 * time, where a line may break. A line may also break before the year of a Spanish or Portuguese
 * date, because such a date is too long for a narrow window.
 */
export function unparted(moment: string): string {
  return moment.replaceAll(/(?<!\d{4},?) (?!de \d{4})/gu, '\u00a0');
}

/**
 * Stores the interface sentences of several languages and files. Supports the features of
 * i18next that the pages use: dotted names, `{{placeholders}}`, and plurals by `count` (`_zero`
 * for none, otherwise `Intl.PluralRules`). A full library would take a quarter of the first
 * screen's size budget.
 */
export class Sentences {
  readonly #files = new Map<string, WordTree>();
  readonly #plurals = new Map<string, Intl.PluralRules>();

  add(language: string, file: string, words: WordTree): void {
    this.#files.set(`${language} ${file}`, words);
    this.#plurals.set(language, new Intl.PluralRules(language));
  }

  /**
   * Returns a sentence with its values filled in. @returns the name if there is no such sentence
   */
  say(language: string, name: string, values: WordValues): string {
    const sentence = this.#namesOf(language, name, values['count'])
      .map((candidate) => this.#find(language, candidate))
      .find((found) => found !== null);
    return fill(sentence ?? name, values);
  }

  /** Returns the names under which a sentence may be stored, most specific first. */
  #namesOf(language: string, name: string, count: string | number | undefined): string[] {
    if (typeof count !== 'number') return [name];
    const form = this.#plurals.get(language)?.select(count) ?? 'other';
    return [...(count === 0 ? [`${name}_zero`] : []), `${name}_${form}`, `${name}_other`, name];
  }

  #find(language: string, name: string): string | null {
    for (const [key, words] of this.#files) {
      if (!key.startsWith(`${language} `)) continue;
      let found: string | WordTree | undefined = words;
      for (const step of name.split('.')) {
        found = typeof found === 'object' && Object.hasOwn(found, step) ? found[step] : undefined;
      }
      if (typeof found === 'string') return found;
    }
    return null;
  }
}
