/** Sentences by name, in a tree: the form of i18next's JSON v4, which translators' tools read. */
export type WordTree = { readonly [name: string]: string | WordTree };

export type WordValues = Readonly<Record<string, string | number>>;

/** A sentence with its gaps, names in double braces, filled; those without a value stay. */
export function fill(sentence: string, values: WordValues): string {
  return sentence.replaceAll(/\{\{(\w+)\}\}/gu, (gap, key: string) => String(values[key] ?? gap));
}

/** A day and a time of day as `Intl` writes them, so that a line ends between the two if it ends in them. */
export function unparted(moment: string): string {
  return moment.replaceAll(/(\d{4},?) | /gu, (space: string, year?: string) =>
    year === undefined ? '\u00a0' : space,
  );
}

/**
 * The sentences of a page, in as many languages and files as have come. Of that form it knows what
 * the page uses: names with dots, gaps in double braces, and plurals by `count`, whose names end in
 * `_zero` for none at all and else as `Intl.PluralRules` says. A library that knows the rest is a
 * quarter of what the first screen may weigh.
 */
export class Sentences {
  readonly #files = new Map<string, WordTree>();
  readonly #plurals = new Map<string, Intl.PluralRules>();

  add(language: string, file: string, words: WordTree): void {
    this.#files.set(`${language} ${file}`, words);
    this.#plurals.set(language, new Intl.PluralRules(language));
  }

  /** @returns the name itself where there is no such sentence */
  say(language: string, name: string, values: WordValues): string {
    const sentence = this.#namesOf(language, name, values['count'])
      .map((candidate) => this.#find(language, candidate))
      .find((found) => found !== null);
    return fill(sentence ?? name, values);
  }

  /** Under which names it may stand, best first. */
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
