/** Loads one file of a language. Rejects with the import's error. */
export function loadLocale<Words>(
  files: Readonly<Record<string, () => Promise<Words>>>,
  path: string,
): Promise<Words> {
  return files[path]?.() ?? Promise.reject(new Error(path));
}
