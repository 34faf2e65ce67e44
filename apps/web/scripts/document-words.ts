import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FALLBACK_LANGUAGE } from '@farandole/kernel/language';
import { LANGUAGES, readLocale } from '@farandole/ui/scripts/locales';
import type { Plugin } from 'vite';

const MANIFEST = 'manifest.webmanifest';

/**
 * Writes the words of `locales/<tag>/document.json` into the document and the manifest: what they say
 * before or without a script, in every language, English first.
 */
export function documentWords(): Plugin {
  const english = readLocale(FALLBACK_LANGUAGE, 'document');
  const others = Object.keys(LANGUAGES)
    .filter((tag) => tag !== FALLBACK_LANGUAGE)
    .map((tag) => ({
      words: readLocale(tag, 'document'),
      mark: `lang="${tag}"${dirOf(tag)}`,
      tag,
    }));
  const said: Readonly<Record<string, string>> = {
    description: `<meta name="description" content="${[english, ...others.map(({ words }) => words)]
      .map(({ description }) => description)
      .join(' ')}" />`,
    'not started': `<main class="alone not-begun">
        <h1>${inline(({ notStarted }) => notStarted.title, ' ')}</h1>
        <p>${english.notStarted.text}</p>
        ${others.map(({ words, mark }) => `<p ${mark}>${words.notStarted.text}</p>`).join('\n        ')}
        <p><a href="/">${inline(({ notStarted }) => notStarted.again, ' · ')}</a></p>
      </main>`,
    'no script': `<main class="alone">
        <h1>${english.noScript.title}</h1>
        ${withoutScript(english)}
        ${others
          .map(
            ({ words, mark }) =>
              `<div ${mark}><h2>${words.noScript.title}</h2>${withoutScript(words)}</div>`,
          )
          .join('\n        ')}
      </main>`,
  };

  function inline(wordOf: (words: typeof english) => string, between: string): string {
    const marked = others.map(({ words, mark }) => `<span ${mark}>${wordOf(words)}</span>`);
    return [wordOf(english), ...marked].join(between);
  }

  return {
    name: 'farandole-document-words',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) =>
        html.replaceAll(/<!-- words: ([\w ]+) -->/gu, (_mark, name: string) => said[name] ?? ''),
    },
    async generateBundle() {
      const manifest = JSON.parse(
        await readFile(join(this.environment.config.publicDir, MANIFEST), 'utf8'),
      ) as object;
      const localized = Object.fromEntries(
        others.map(({ tag, words }) => [tag, words.description]),
      );
      const { description } = english;
      const source = { ...manifest, description, description_localized: localized };
      this.emitFile({ type: 'asset', fileName: MANIFEST, source: JSON.stringify(source) });
    },
  };
}

function dirOf(tag: string): string {
  return LANGUAGES[tag]?.direction === 'rtl' ? ' dir="rtl"' : '';
}

function withoutScript({ noScript }: ReturnType<typeof readLocale<'document'>>): string {
  const { adults, decent, recording, kind, report } = noScript;
  const rules = [adults, decent, recording, kind, report].map((rule) => `<li>${rule}</li>`);
  return `<p>${noScript.text}</p>
        <h2>${noScript.rules}</h2>
        <ul>${rules.join('')}</ul>
        <p><a href="/appeal">${noScript.appeal}</a></p>`;
}
