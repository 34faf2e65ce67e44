/**
 * Runs under the pinned Node, started by `scripts/dev.mjs`. The page is built again at each change
 * of its sources, without the squeezing of a release, and the real server serves it under its real
 * headers; what only works without them would fail in production. The server holds the page in
 * memory, so it starts anew for either of them; sessions and calls outlive that.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { build, loadConfigFromFile } from 'vite';
import { root, stampsFolder } from '../setup.mjs';

const web = join(root, 'apps', 'web');
const server = join(root, 'apps', 'server', 'src', 'main.ts');

/** Editors write a file in several steps. */
const SETTLE_MS = 80;
/** A server in development is not drained: its calls come back by their receipts. */
const GOODBYE_MS = 300;

/** How often an open page asks whether it was built again. */
const ASK_EVERY_MS = 400;
const RELOAD = `
let built = null;
setInterval(async () => {
  const answer = await fetch('/dev-build.txt', { cache: 'no-store' }).catch(() => null);
  if (answer === null || !answer.ok) return;
  const now = await answer.text();
  if (built !== null && now !== built) location.reload();
  built = now;
}, ${ASK_EVERY_MS});
`;

/** @returns {import('vite').Plugin} */
function reloadOnBuild() {
  return {
    name: 'farandole-reload-on-build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [{ tag: 'script', attrs: { type: 'module', src: '/dev-reload.js' } }],
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
    console.log(`The server ended with code ${code}; it starts again at the next change.`);
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

/** While the page is being built its folder is half empty. */
let isBuilding = true;

/** Restarts follow one another, also when changes come faster than the server goes. */
let restarts = Promise.resolve();
function restartServer() {
  restarts = restarts.then(stopServer).then(startServer);
}

/** @type {NodeJS.Timeout | undefined} */
let settling;
function followServer() {
  const rooms = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'src'));
  for (const folder of [...rooms, join('apps', 'server', 'src')]) {
    if (!existsSync(join(root, folder))) continue;
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(settling);
      settling = setTimeout(() => {
        // The end of the build restarts it too.
        if (!isBuilding) restartServer();
      }, SETTLE_MS);
    });
  }
}

async function followPage() {
  // What lies in dist is no longer what `npm start` built.
  rmSync(join(stampsFolder, 'page.sha256'), { force: true });
  const env = { command: /** @type {const} */ ('build'), mode: 'development' };
  const loaded = await loadConfigFromFile(env, undefined, web);
  const plugins = (loaded?.config.plugins ?? []).flat();
  const watcher = await build({
    ...loaded?.config,
    configFile: false,
    root: web,
    mode: 'development',
    logLevel: 'warn',
    plugins: [...plugins.filter((plugin) => !isForRelease(plugin)), reloadOnBuild()],
    build: { ...loaded?.config.build, minify: false, emptyOutDir: true, watch: {} },
  });
  if (!('on' in watcher)) throw new Error('vite did not begin to watch');
  watcher.on('event', (event) => {
    if (event.code === 'START') isBuilding = true;
    if (event.code === 'ERROR') console.error(event.error.message);
    if (event.code !== 'BUNDLE_END') return;
    console.log(`Built the page in ${event.duration} ms.`);
    isBuilding = false;
    restartServer();
  });
}

/**
 * @param {unknown} plugin
 * @returns {boolean} Whether it only makes the page smaller for the network.
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
await followPage();
followServer();
