/**
 * Builds the gallery of an app's screens, one script and one sheet, into the folder named: for
 * programs that look at every screen without a server.
 */
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
    // In one piece: a scene then is there as soon as it is asked for.
    rolldownOptions: { input: join(apps, app, 'gallery.html'), output: { codeSplitting: false } },
  },
});
