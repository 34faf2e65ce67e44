import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plugin, transformWithOxc } from 'vite';
import { offlinePages } from './offline-page.ts';

const SOURCE = join(import.meta.dirname, '../src/offline/serve-offline.ts');
const HEAD = '<meta charset="utf-8" />';

/**
 * Writes the service worker as `/sw.js`, at an address without a digest, and the same name of the
 * build into it and into the document. An open page learns by this name that the server has another
 * build.
 */
export function serviceWorker(): Plugin {
  return {
    name: 'farandole-service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const document = bundle['index.html'];
        assert.ok(document?.type === 'asset', 'the build has no document');
        const html = String(document.source);
        const build = createHash('sha256').update(html).digest('base64url').slice(0, 16);
        assert.ok(html.includes(HEAD), 'the document does not begin with its character set');
        document.source = html.replace(
          HEAD,
          `${HEAD}\n    <meta name="build" content="${build}" />`,
        );
        const { code } = await transformWithOxc(await readFile(SOURCE, 'utf8'), SOURCE);
        const source = [
          code.replaceAll(/^export (?=function)/gmu, ''),
          `serveOffline(self, ${JSON.stringify(offlinePages())}, ${JSON.stringify(build)});`,
        ].join('\n');
        assert.doesNotMatch(source, /^(?:import|export) /mu, 'the service worker stands alone');
        this.emitFile({ type: 'asset', fileName: 'sw.js', source });
      },
    },
  };
}
