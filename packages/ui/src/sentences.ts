/** Sentences by name, in the tree of i18next's JSON v4, which translation tools read. */
export type WordTree = { readonly [name: string]: string | WordTree };

export type WordValues = Readonly<Record<string, string | number>>;

/** Fills `{{name}}` gaps; gaps without a value stay. */
export function fill(sentence: string, values: WordValues): string {
  return sentence.replaceAll(/\{\{(\w+)\}\}/gu, (gap, key: string) => String(values[key] ?? gap));
}

/** Joins date and time so that a line only breaks between them. */
export function unparted(moment: string): string {
  return moment.replaceAll(/(\d{4},?) | /gu, (space: string, year?: string) =>
    year === undefined ? '\u00a0' : space,
  );
}

/**
 * Sentences of several languages and files. Supports what the pages use of i18next: dotted names,
 * `{{gaps}}`, and plurals by `count` (`_zero` for none, else `Intl.PluralRules`). A full library
 * would take a quarter of the first screen's budget.
 */
export class Sentences {
  readonly #files = new Map<string, WordTree>();
  readonly #plurals = new Map<string, Intl.PluralRules>();

  add(language: string, file: string, words: WordTree): void {
    this.#files.set(`${language} ${file}`, words);
    this.#plurals.set(language, new Intl.PluralRules(language));
  }

  /** @returns the name itself if there is no such sentence */
  say(language: string, name: string, values: WordValues): string {
    const sentence = this.#namesOf(language, name, values['count'])
      .map((candidate) => this.#find(language, candidate))
      .find((found) => found !== null);
    return fill(sentence ?? name, values);
  }

  /** Candidate names, best first. */
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
