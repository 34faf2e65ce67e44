/** Builds the gallery of an app into the given folder, as one script and one stylesheet. */
import { join } from 'node:path';
import { build } from 'vite';

const [app, folder] = process.argv.slice(2);
if (app === undefined || folder === undefined) {
  throw new Error('Say of which app the gallery is to be built, and into which folder.');
}
const apps = join(import.meta.dirname, '..', '..', '..', 'apps');

await build({
  root: join(apps, app),
  configFile: false,
  publicDir: join(apps, 'web', 'public'),
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: folder,
    emptyOutDir: true,
    minify: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 10_000,
    target: ['chrome123'],
    // Builds a single script, so that a scene of the gallery appears without loading further
    // files.
    rolldownOptions: { input: join(apps, app, 'gallery.html'), output: { codeSplitting: false } },
  },
});
