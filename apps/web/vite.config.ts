import { completeLocales } from '@farandole/ui/scripts/complete-locales';
import { licences } from '@farandole/ui/scripts/licences';
import { precompress } from '@farandole/ui/scripts/precompress';
import { defineConfig } from 'vite';
import { fileOfStart } from './scripts/chunks.ts';
import { pageWords } from './scripts/document-words.ts';
import { effectFiles } from './scripts/effect-files.ts';
import { preload } from './scripts/preload.ts';
import { serviceWorker } from './scripts/service-worker.ts';
import { shieldModel } from './scripts/shield-model.ts';
import { withoutThreads } from './scripts/without-threads.ts';

// No module contains the shield's model, so its licence is added by hand.
const { note, write } = licences(['nsfwjs']);

/** Without hashes; `build.test.ts` checks what the document names. */
const IN_DOCUMENT = /\/(?:application|index|languages|library|main)-[^/]*$/u;

/**
 * Small modules and style sheets that screens share and that load while the page is idle. Parts of
 * a call, a community or an invitation aren't listed, because those would load this file for one
 * module.
 */
const IDLE_PIECES =
  /src\/(?:.*\/(?:call-icons|control-bar|report-button|search-stage|sheet|shield-choice|small-window-switch|text-instead|virtual-camera)\.tsx?|screens\/(?:green-room|settings)\/.*|styles\/(?:folded|more|report|rules|settings-rows|sheet)\.css)$/u;

/**
 * The page's CSP forbids inline scripts and styles, code from strings and `data:` addresses, so no
 * file is inlined, however small.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    completeLocales(),
    pageWords(),
    effectFiles(),
    preload(),
    serviceWorker(),
    write,
    precompress(),
  ],
  // The shield's worker is a separate module with the network and no code of the page.
  worker: { format: 'es', plugins: () => [shieldModel(), withoutThreads(), note] },
  build: {
    // Browsers that support light-dark(). Older ones would need a second set of colours.
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // Chunks named in the document load before any lazy part.
      resolveDependencies: (_file, files, { hostType }) =>
        hostType === 'js' ? files.filter((file) => !IN_DOCUMENT.test(file)) : files,
    },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Third-party code rarely changes, so it has its own file, which stays cached across
            // releases. The solver and the effects aren't in that file: they load on demand.
            {
              name: 'library',
              test: /node_modules\/(?!altcha-lib|@sapphi-red|@shiguredo)/u,
              priority: 2,
            },
            {
              name: (id, graph) => fileOfStart(id, (of) => graph.getModuleInfo(of)),
              debugName: 'start',
              priority: 1,
            },
            // One file instead of a dozen small ones, which would need a request each.
            {
              name: 'pieces',
              test: /src\/(?:(?:a11y|base|effects|help|keyboard|sound|ui|screens\/shared)\/|.*-part\.ts$)/u,
              minShareCount: 2,
            },
            { name: 'idle-pieces', test: IDLE_PIECES, minShareCount: 2 },
          ],
        },
      },
    },
  },
});
