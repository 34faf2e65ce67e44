import { licences } from '@farandole/ui/scripts/licences';
import { precompress } from '@farandole/ui/scripts/precompress';
import { defineConfig } from 'vite';
import { fileOfStart } from './scripts/chunks.ts';
import { pageWords } from './scripts/document-words.ts';
import { preload } from './scripts/preload.ts';
import { shieldModel } from './scripts/shield-model.ts';
import { withoutThreads } from './scripts/without-threads.ts';

// The shield's model has no module of its own.
const { note, write } = licences(['nsfwjs']);

/** Without hashes; `build.test.ts` checks what the document names. */
const IN_DOCUMENT = /\/(?:index|languages|library|main|shared)-[^/]*$/u;

/**
 * The page is served under a policy that allows no inline script or style, no string made into
 * code and no `data:` address, so nothing is inlined, however small.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [pageWords(), preload(), write, precompress()],
  // The shield's: a module of its own, with the network and nothing of the page.
  worker: { format: 'es', plugins: () => [shieldModel(), withoutThreads(), note] },
  build: {
    // The browsers that know light-dark(): older ones would need a second set of colours.
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // Those that the document names are loaded before any part is fetched.
      resolveDependencies: (_file, files, { hostType }) =>
        hostType === 'js' ? files.filter((file) => !IN_DOCUMENT.test(file)) : files,
    },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What others wrote changes seldom: a file of its own stays in caches across releases.
            { name: 'library', test: /node_modules/u, priority: 2 },
            {
              name: (id, graph) => fileOfStart(id, (of) => graph.getModuleInfo(of)),
              debugName: 'start',
              minShareCount: 2,
              priority: 1,
            },
            // One file in place of a dozen small ones, a request each.
            {
              name: 'pieces',
              test: /src\/(?:a11y|base|effects|help|keyboard|sound|ui|screens\/shared)\//u,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
});
