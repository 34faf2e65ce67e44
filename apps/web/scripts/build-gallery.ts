/**
 * Builds the gallery of screens, one script and one sheet, into the folder named: for programs
 * that look at every screen without a server.
 */
import { join } from 'node:path';
import { build } from 'vite';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say into which folder the gallery is to be built.');
const web = join(import.meta.dirname, '..');

await build({
  root: web,
  configFile: false,
  publicDir: join(web, 'public'),
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
    rolldownOptions: { input: join(web, 'gallery.html'), output: { codeSplitting: false } },
  },
});
