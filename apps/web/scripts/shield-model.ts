import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Plugin } from 'vite';
import { type KerasModel, shieldPlanOf } from './shield-plan.ts';

/** The file whose declarations are filled in. */
const DECLARED = /\/src\/shield\/model\/shield-model\.ts$/u;
/** Where `nsfwjs` keeps its smallest model: scripts that hold JSON and base64. */
const MODEL = 'dist/models/mobilenet_v2';

/**
 * Serves the model that comes with `nsfwjs` from the page's own files: its weights as they are,
 * four bytes of base64 back to three, in a file of their own, and its layers as the worker's plan.
 */
export function shieldModel(): Plugin {
  return {
    name: 'farandole-shield-model',
    enforce: 'pre',
    async load(id) {
      if (!DECLARED.test(id)) return null;
      const { model, weights } = await readShieldModel();
      const file = this.emitFile({ type: 'asset', name: 'shield-model.bin', source: weights });
      return [
        `export const plan = ${JSON.stringify(shieldPlanOf(model))};`,
        `export const weightsUrl = import.meta.ROLLUP_FILE_URL_${file};`,
        `export const weightsByteLength = ${weights.length};`,
      ].join('\n');
    },
  };
}

/** The model as it comes with the package. */
export async function readShieldModel(): Promise<{ model: KerasModel; weights: Uint8Array }> {
  const entry = createRequire(import.meta.url).resolve('nsfwjs/core');
  const folder = join(dirname(entry), '../..', MODEL);
  const [model, weights] = await Promise.all([
    exportOf(join(folder, 'model.min.js')),
    exportOf(join(folder, 'group1-shard1of1.min.js')),
  ]);
  assert.ok(typeof weights === 'string', 'the weights are not base64');
  return { model: model as KerasModel, weights: Buffer.from(weights, 'base64') };
}

/** What a script of a bundler's making exports, without letting it see anything. */
async function exportOf(path: string): Promise<unknown> {
  const module: { exports: unknown } = { exports: {} };
  runInNewContext(await readFile(path, 'utf8'), { module, exports: module.exports });
  // What was made in another context has other prototypes than ours; as text it has none.
  return JSON.parse(JSON.stringify(module.exports));
}
