import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Plugin } from 'vite';
import { type KerasModel, shieldPlanOf } from './shield-plan.ts';

const DECLARED = /\/src\/shield\/model\/shield-model\.ts$/u;
/** The smallest model of `nsfwjs`: scripts with JSON and base64. */
const MODEL = 'dist/models/mobilenet_v2';

/**
 * Serves the `nsfwjs` model from the page's own files: decoded weights in one file and the layers
 * as the worker's plan.
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

/** Evaluates a bundled script in an empty context and returns its exports. */
async function exportOf(path: string): Promise<unknown> {
  const module: { exports: unknown } = { exports: {} };
  runInNewContext(await readFile(path, 'utf8'), { module, exports: module.exports });
  // Objects of another context have other prototypes; JSON removes them.
  return JSON.parse(JSON.stringify(module.exports));
}
