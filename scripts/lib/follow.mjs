/**
 * Program behind `npm run dev`, run under the pinned Node. Builds the page unminified at each
 * change of the sources. The real server serves the page with its real headers and keeps it in
 * memory, so a change of page or server restarts the server. Sessions and calls continue after
 * the restart.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { build, loadConfigFromFile } from 'vite';
import { root, stampsFolder } from '../setup.mjs';

const apps = join(root, 'apps');
const pages = join(apps, 'web', 'dist');
const server = join(root, 'apps/server/src/main.ts');

/** Waits this long after a change, because editors write a file in several steps. */
const SETTLE_MS = 80;
/**
 * Time that the server gets to stop before it is killed. It is short because calls are restored
 * from receipts after the restart.
 */
const GOODBYE_MS = 300;

/** How often an open page checks for a new build. */
const ASK_EVERY_MS = 400;
const RELOAD = `
let built = null;
setInterval(async () => {
  const answer = await fetch(new URL('dev-build.txt', import.meta.url), { cache: 'no-store' }).catch(() => null);
  if (answer === null || !answer.ok) return;
  const now = await answer.text();
  if (built !== null && now !== built) location.reload();
  built = now;
}, ${ASK_EVERY_MS});
`;

/**
 * @param {string} base
 * @returns {import('vite').Plugin}
 */
function reloadOnBuild(base) {
  return {
    name: 'farandole-reload-on-build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [{ tag: 'script', attrs: { type: 'module', src: `${base}dev-reload.js` } }],
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'dev-reload.js', source: RELOAD });
      const source = String(Date.now());
      this.emitFile({ type: 'asset', fileName: 'dev-build.txt', source });
    },
  };
}

/** @type {import('node:child_process').ChildProcess | null} */
let running = null;

function startServer() {
  const child = spawn(process.execPath, [server, '--follow-pages', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  running = child;
  child.once('exit', (code) => {
    if (running !== child) return;
    running = null;
    console.log(`The server exited with code ${code}; it starts again at the next change.`);
  });
}

async function stopServer() {
  const child = running;
  running = null;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => void child.once('exit', resolve));
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), GOODBYE_MS);
  await ended;
  clearTimeout(impatience);
}

/** Pages that are being built at the moment, so that their folders are incomplete. */
const building = new Set(['web']);

let restarts = Promise.resolve();
function restartServer() {
  restarts = restarts.then(stopServer).then(startServer);
}

/** @type {NodeJS.Timeout | undefined} */
let settling;
function followServer() {
  const rooms = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'src'));
  for (const folder of [...rooms, join('apps', 'server', 'src'), 'locales']) {
    if (!existsSync(join(root, folder))) continue;
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(settling);
      settling = setTimeout(() => {
        // While a page is being built, the server restarts only at the end of the build.
        if (building.size === 0) restartServer();
      }, SETTLE_MS);
    });
  }
}

/**
 * @param {string} app
 * @param {string} folder
 * @returns {Promise<void>} Resolves after the first build.
 */
async function followPage(app, folder) {
  // Removes the digest of the production build, because `dist` no longer contains that build.
  rmSync(join(stampsFolder, 'page.sha256'), { force: true });
  const web = join(apps, app);
  const env = { command: /** @type {const} */ ('build'), mode: 'development' };
  const loaded = await loadConfigFromFile(env, undefined, web);
  const plugins = (loaded?.config.plugins ?? []).flat();
  const watcher = await build({
    ...loaded?.config,
    configFile: false,
    root: web,
    mode: 'development',
    logLevel: 'warn',
    plugins: [
      ...plugins.filter((plugin) => !isForRelease(plugin)),
      reloadOnBuild(loaded?.config.base ?? '/'),
    ],
    build: {
      ...loaded?.config.build,
      outDir: folder,
      minify: false,
      emptyOutDir: true,
      watch: {},
    },
  });
  if (!('on' in watcher)) throw new Error('vite did not start watching');
  await new Promise((resolve) => {
    watcher.on('event', (event) => {
      if (event.code === 'START') building.add(app);
      if (event.code === 'ERROR') console.error(event.error.message);
      if (event.code !== 'BUNDLE_END') return;
      console.log(`Built the page of ${app} in ${event.duration} ms.`);
      building.delete(app);
      restartServer();
      resolve(undefined);
    });
  });
}

/**
 * @param {unknown} plugin
 * @returns {boolean} Whether it only compresses the page.
 */
function isForRelease(plugin) {
  return (
    plugin !== null &&
    typeof plugin === 'object' &&
    'name' in plugin &&
    plugin.name === 'farandole-precompress'
  );
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => void stopServer().then(() => process.exit(0)));
}
// Builds the user's page first, because its first build empties its folder, which also contains
// the console.
await followPage('web', pages);
await followPage('console', join(pages, 'console'));
followServer();
