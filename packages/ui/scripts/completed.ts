/** Matches the suffix of a plural form. */
const PLURAL = /_(?:zero|one|two|few|many|other)$/u;

/**
 * Returns a file of a language with its missing texts in English. Adds no plural form of a text
 * that the language has in other forms, because each language has its own forms. Lists stay as
 * they are.
 */
export function completed<Words extends object>(words: Words, english: Words): Words {
  if (Array.isArray(words)) return words;
  const known = new Set(Object.keys(words).map((name) => name.replace(PLURAL, '')));
  const missing = Object.entries(english).filter(([name]) => !known.has(name.replace(PLURAL, '')));
  const both = Object.entries(words).map(([name, value]: [string, unknown]): [string, unknown] => {
    const original: unknown = Reflect.get(english, name);
    return [name, isTree(value) && isTree(original) ? completed(value, original) : value];
  });
  return Object.fromEntries([...both, ...missing]) as Words;
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
