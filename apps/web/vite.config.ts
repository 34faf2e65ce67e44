import { licences } from '@farandole/look/scripts/licences';
import { precompress } from '@farandole/look/scripts/precompress';
import { defineConfig } from 'vite';
import { preload } from './scripts/preload.ts';
import { shieldModel } from './scripts/shield-model.ts';
import { withoutThreads } from './scripts/without-threads.ts';

// The shield's model has no module of its own.
const { note, write } = licences(['nsfwjs']);

/**
 * The page is served under a policy that allows no inline script or style, no string made into
 * code and no `data:` address, so nothing is inlined, however small.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [preload(), write, precompress()],
  // The shield's: a module of its own, with the network and nothing of the page.
  worker: { format: 'es', plugins: () => [shieldModel(), withoutThreads(), note] },
  build: {
    // The browsers that know light-dark(): older ones would need a second set of colours.
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What the entry needs: it asks for the words, and has the looks, before anything else is here.
            {
              name: 'languages',
              test: /src\/i18n\/languages|\/looks\.ts|preload-helper/u,
              priority: 1,
            },
            // What others wrote changes seldom: a file of its own stays in caches across releases.
            { name: 'library', test: /node_modules/u },
            // One file in place of a dozen small ones, a request each.
            {
              name: 'shared',
              test: /src\/parts\/|src\/i18n\/words|packages\/(kernel|look|protocol)\//u,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
});
