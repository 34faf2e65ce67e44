import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { readShieldModel } from '../../scripts/shield-model.ts';
import { type KerasModel, shieldPlanOf } from '../../scripts/shield-plan.ts';
import { withoutThreads } from '../../scripts/without-threads.ts';
import { averageCells, dense, relu, softmax } from '../../src/shield/model/head.ts';
import type { Network } from '../../src/shield/model/network.ts';
import { foldNorm, Weights } from '../../src/shield/model/weights.ts';
import { explicitnessOf, lumaOf, type Scores, scoresOf } from '../../src/shield/scores.ts';

const WASM = fileURLToPath(
  import.meta.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
);
const NETWORK = fileURLToPath(new URL('../../src/shield/model/network.ts', import.meta.url));

/**
 * Declares `require` and `__dirname`, which the TensorFlow.js backend uses when it runs in Node.
 */
const COMMON_JS = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
  'const __dirname = import.meta.dirname;',
].join('\n');

let folder = '';
let network: Network;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farandole-shield-'));
  // Bundles the classifier's network as the worker's build does, because TensorFlow.js expects a
  // bundler.
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [withoutThreads()],
    ssr: { noExternal: true },
    build: {
      outDir: folder,
      minify: false,
      ssr: NETWORK,
      rolldownOptions: { output: { entryFileNames: 'network.mjs', banner: COMMON_JS } },
    },
  });
  const bundled = (await import(pathToFileURL(join(folder, 'network.mjs')).href)) as {
    readonly Network: typeof Network;
  };
  const { model, weights } = await readShieldModel();
  network = await bundled.Network.open(
    shieldPlanOf(model),
    weights,
    new Uint8Array(await readFile(WASM)),
  );
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

const SIDE = 224;

/**
 * Generates a test picture.
 * @param colorOf returns red, green and blue of a pixel from 0 to 255
 */
function picture(colorOf: (x: number, y: number) => readonly number[]): Float32Array {
  const pixels = new Float32Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    const color = colorOf(i % SIDE, Math.floor(i / SIDE));
    for (let c = 0; c < 3; c += 1) pixels[i * 3 + c] = (color[c] ?? 0) / 255;
  }
  return pixels;
}

/**
 * Fills the picture with noise from the linear congruential generator that also made the
 * pictures of the reference results.
 */
function noise(): Float32Array {
  let state = 1;
  return picture(() =>
    [0, 1, 2].map(() => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor(state / 256) % 256;
    }),
  );
}

const gradient = () => picture((x, y) => [x, y, Math.floor((x + y) / 2)]);
const checkerboard = () =>
  picture((x, y) => (((x >> 4) + (y >> 4)) % 2 === 1 ? [255, 0, 255] : [20, 20, 20]));

/**
 * Reference results of TensorFlow.js's own Keras runner (tfjs-layers 4.22.0, wasm backend), in
 * the order of the classes.
 */
const REFERENCES = [
  { name: 'noise', of: noise, shares: [0.09086, 0.00869, 0.88533, 0.01316, 0.00196] },
  { name: 'a gradient', of: gradient, shares: [0.88741, 0.02024, 0.08736, 0.00405, 0.00094] },
  {
    name: 'a checkerboard',
    of: checkerboard,
    shares: [0.01511, 0.00084, 0.98363, 0.00033, 0.00008],
  },
] as const;

describe("classifier's network", () => {
  for (const { name, of, shares } of REFERENCES) {
    it(`[SH-3] matches the reference runner's result for ${name}`, async () => {
      const given = await network.run(of());
      assert.equal(given.length, shares.length);
      for (const [i, share] of shares.entries()) {
        assert.ok(Math.abs((given[i] ?? 0) - share) < 5e-4, `${given[i]}, not ${share}`);
      }
      assert.ok(explicitnessOf(scoresOf(given)) < 0.1);
    });
  }

  it('[SH-3] compiles all model layers: 52 convolutions, 10 sums, 3 dense', async () => {
    const { side, steps, head, tensors } = shieldPlanOf((await readShieldModel()).model);
    assert.equal(side, SIDE);
    assert.equal(steps.filter(({ op }) => op === 'add').length, 10);
    assert.equal(steps.filter(({ op }) => op === 'depthwise').length, 17);
    assert.equal(steps.length, 62);
    assert.deepEqual(
      head.map(({ activation }) => activation),
      ['relu', 'relu', 'softmax'],
    );
    assert.equal(tensors.length, 266);
  });

  it('[SH-3] refuses model layers that it would compute differently', async () => {
    const { model } = await readShieldModel();
    const { layers } = model.modelTopology.model_config.config;
    const [input, ...others] = layers;
    assert.ok(input !== undefined);
    const withLayers = (changed: typeof layers): KerasModel => ({
      ...model,
      modelTopology: { model_config: { config: { layers: changed } } },
    });
    assert.throws(() => shieldPlanOf(withLayers([input, { ...input, class_name: 'GRU' }])));
    const tall = { ...input, config: { batch_input_shape: [null, 300, 224, 3] } };
    assert.throws(() => shieldPlanOf(withLayers([tall, ...others])), /not square/);
    const strange = others.map((layer) =>
      layer.class_name === 'ReLU' ? { ...layer, config: { ...layer.config, max_value: 8 } } : layer,
    );
    assert.throws(() => shieldPlanOf(withLayers([input, ...strange])));
  });
});

describe("parts of the classifier's network", () => {
  it('[SH-3] refuses model weights of a wrong length', () => {
    const tensors = [{ name: 'a', shape: [2, 3], min: -1, scale: 0.5 }];
    assert.throws(() => new Weights(new Uint8Array(5), tensors));
    assert.throws(() => new Weights(new Uint8Array(7), tensors));
    const values = new Weights(Uint8Array.of(0, 1, 2, 3, 4, 255), tensors).values('a');
    assert.deepEqual([...values], [-1, -0.5, 0, 0.5, 1, 126.5]);
  });

  it("[SH-3] folds a normalisation layer into a convolution's kernel", () => {
    const one = (name: string, shape: readonly number[]) => ({ name, shape, min: 0, scale: 1 });
    const weights = new Weights(Uint8Array.of(1, 2, 3, 4, 6, 8, 1, 2, 3, 5, 3, 8), [
      one('k', [1, 1, 2, 2]),
      one('n/gamma', [2]),
      one('n/beta', [2]),
      one('n/moving_mean', [2]),
      one('n/moving_variance', [2]),
    ]);
    // The expected kernel is scaled by γ / √(σ² + 1), which is 6 / 2 and 8 / 3.
    const { kernel, bias } = foldNorm(weights, 'k', 'n', 1);
    const near = (values: Float32Array, wanted: readonly number[]): void => {
      for (const [i, value] of wanted.entries()) {
        assert.ok(Math.abs((values[i] ?? Number.NaN) - value) < 1e-5);
      }
    };
    near(kernel, [3, 16 / 3, 9, 32 / 3]);
    near(bias, [1 - 3 * 3, 2 - 5 * (8 / 3)]);
  });

  it('[SH-3] ends the network with averages, weighted sums and softmax', () => {
    assert.deepEqual([...averageCells(Float32Array.of(1, 10, 3, 20), 2)], [2, 15]);
    const sums = dense(
      Float32Array.of(1, 2),
      Float32Array.of(1, 2, 3, 4),
      Float32Array.of(10, -20),
    );
    assert.deepEqual([...sums], [17, -10]);
    assert.deepEqual([...relu(sums)], [17, 0]);
    const shares = softmax(Float32Array.of(1_000, 1_000));
    assert.deepEqual([...shares], [0.5, 0.5]);
  });

  it('[SH-1] names the classes in the order of nsfwjs', () => {
    const scores: Scores = scoresOf(Float32Array.of(0.125, 0.25, 0.0625, 0.5, 0.03125));
    assert.deepEqual(scores, {
      drawing: 0.125,
      hentai: 0.25,
      neutral: 0.0625,
      porn: 0.5,
      sexy: 0.03125,
    });
  });

  it('[SH-41] measures the perceived brightness of a picture', () => {
    const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 0.01);
    near(lumaOf(Float32Array.of(0, 0, 0, 1, 1, 1)), 127.5);
    near(lumaOf(Float32Array.of(0, 1, 0)), 182.376);
  });
});
