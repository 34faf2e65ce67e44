import { completeLocales } from '@farandole/ui/scripts/complete-locales';
import { documentWords, inEach } from '@farandole/ui/scripts/document-words';
import { licences } from '@farandole/ui/scripts/licences';
import { precompress } from '@farandole/ui/scripts/precompress';
import { defineConfig } from 'vite';

/** The build inlines no asset, because the page's CSP forbids inline content. */
export default defineConfig({
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    completeLocales(),
    documentWords({
      console: `<main class="alone">
        <h1>${inEach(({ words, mark }) => `<span${mark}>${words.console.title}</span>`, ' ')}</h1>
        ${inEach(({ words, mark }) => `<p${mark}>${words.console.text}</p>`)}
      </main>`,
    }),
    licences().write,
    precompress(),
  ],
  build: {
    // The console needs the same browser versions as the page, because both use the CSS function
    // light-dark().
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
