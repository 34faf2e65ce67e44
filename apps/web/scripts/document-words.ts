import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FALLBACK_LANGUAGE } from '@farandole/kernel/language';
import { documentWords, inEach, LANGUAGES_OF_DOCUMENT } from '@farandole/ui/scripts/document-words';
import type { Plugin } from 'vite';

const MANIFEST = 'manifest.webmanifest';

const SAID: Readonly<Record<string, string>> = {
  description: `<meta name="description" content="${inEach(({ words }) => words.description, ' ')}" />
    <meta property="og:description" content="${inEach(({ words }) => words.description, ' ')}" />`,
  card: `<meta property="og:image:alt" content="${inEach(({ words }) => words.card, ' ')}" />`,
  'not started': `<main class="alone not-begun">
        <h1>${inEach(({ words, mark }) => `<span${mark}>${words.notStarted.title}</span>`, ' ')}</h1>
        ${inEach(({ words, mark }) => `<p${mark}>${words.notStarted.text}</p>`)}
        <p><a href="/">${inEach(({ words, mark }) => `<span${mark}>${words.notStarted.again}</span>`, ' · ')}</a></p>
      </main>`,
  'no script': `<main class="alone">
        ${inEach(({ tag, words: { noScript }, mark }) => {
          const title = tag === FALLBACK_LANGUAGE ? 'h1' : 'h2';
          const { adults, decent, recording, kind, report } = noScript;
          const rules = [adults, decent, recording, kind, report].map((rule) => `<li>${rule}</li>`);
          const said = `<${title}>${noScript.title}</${title}>
        <p>${noScript.text}</p>
        <h2>${noScript.rules}</h2>
        <ul>${rules.join('')}</ul>
        <p><a href="/appeal">${noScript.appeal}</a></p>`;
          return mark === '' ? said : `<div${mark}>${said}</div>`;
        })}
      </main>`,
};

/** Inserts the words of the document and the manifest in every language. */
export function pageWords(): Plugin[] {
  return [documentWords(SAID), manifestWords()];
}

function manifestWords(): Plugin {
  return {
    name: 'farandole-manifest-words',
    async generateBundle() {
      const path = join(this.environment.config.publicDir, MANIFEST);
      const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
      const [english, ...others] = LANGUAGES_OF_DOCUMENT.map(
        ({ tag, words: { description } }) => [tag, description] as const,
      );
      const localized = Object.fromEntries(others);
      const source = { ...manifest, description: english?.[1], description_localized: localized };
      this.emitFile({ type: 'asset', fileName: MANIFEST, source: JSON.stringify(source) });
    },
  };
}
