import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { MALLOC, root } from '../setup.mjs';
import { billOfMaterials } from './bill-of-materials.mjs';
import { listFiles } from './files.mjs';
import { productionPackages } from './production-packages.mjs';

/** The workspace that an archive runs, and the workspaces that are built into its pages. */
const SERVER = 'apps/server';
const PAGES = ['apps/web', 'apps/console'];
/** Files of the repository that an archive contains, besides the sources of its packages. */
const INCLUDED = /^(?:locales\/|deploy\/|docs\/(?!pictures\/)|[A-Z]+(?:\.md)?$)/;
/** Parts of a third-party package that only a compiler or a debugger reads. */
const UNUSED = /\.(?:d\.[cm]?ts|map|flow|tsbuildinfo)$/;

const MALLOC_LINES = Object.entries(MALLOC).map(
  ([name, value]) => `export ${name}="\${${name}:-${value}}"`,
);
const STARTER = `#!/bin/sh
# Runs a command of Farandole with the Node of this archive. "farandole help" lists the commands.
set -eu
here=$(dirname "$(dirname "$(readlink -f "$0")")")
${MALLOC_LINES.join('\n')}
exec "$here/node/bin/node" "$here/apps/server/src/cli/main.ts" "$@"
`;

/**
 * @typedef {object} Release
 * @property {string} archive Path of the archive.
 * @property {string} bill Path of the bill of materials, which the archive contains too.
 * @property {string} sums Path of the checksums of both.
 */

/**
 * Packs the built program into an archive. Two calls on the same commit give the same bytes.
 * @param {object} source
 * @param {string} source.node The pinned Node, `bin/node` of its package.
 * @param {string} source.pages Folder of the built pages.
 * @param {string} source.to Folder of the result. Created, and replaced if it exists.
 * @returns {Promise<Release>}
 */
export async function packRelease({ node, pages, to }) {
  const manifest = await manifestIn(root);
  const nodePackage = dirname(dirname(node));
  const nodeManifest = await manifestIn(nodePackage);
  const name = `farandole-${manifest.version}-${nodeManifest.name.replace(/^node-/, '')}`;
  const madeAtMs = commitDate();
  const lockfile = join(root, 'package-lock.json');
  const packages = productionPackages(lockfile, [SERVER]);
  const all = productionPackages(lockfile, [SERVER, ...PAGES]);
  const bill = billOfMaterials({
    version: manifest.version,
    madeAtMs,
    packages: all,
    node: nodeManifest,
  });

  await rm(to, { recursive: true, force: true });
  const folder = join(to, name);
  await mkdir(folder, { recursive: true });
  await copyOwn(packages, folder);
  await copyThirdParty(packages, folder);
  await copyNode(node, nodePackage, folder);
  await cp(pages, join(folder, 'apps', 'web', 'dist'), { recursive: true });
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'farandole'), STARTER);
  await chmod(join(folder, 'bin', 'farandole'), 0o755);
  await writeFile(join(folder, 'farandole.cdx.json'), bill);

  const archive = join(to, `${name}.tar.gz`);
  await pack(folder, archive, madeAtMs);
  await rm(folder, { recursive: true });
  const billFile = join(to, `${name}.cdx.json`);
  await writeFile(billFile, bill);
  const sums = join(to, 'SHA256SUMS');
  const lines = [archive, billFile].map(
    async (path) => `${await sha256(path)}  ${basename(path)}\n`,
  );
  await writeFile(sums, (await Promise.all(lines)).join(''));
  return { archive, bill: billFile, sums };
}

/**
 * Copies the sources of our packages. Node strips their types, which it doesn't do below
 * `node_modules`, so they stay in the folders of the repository.
 * @param {readonly import('./production-packages.mjs').ProductionPackage[]} packages
 * @param {string} folder
 */
async function copyOwn(packages, folder) {
  const own = packages.filter(({ integrity }) => integrity === undefined);
  const files = listFiles().filter(
    (file) =>
      INCLUDED.test(file) ||
      own.some(
        ({ path }) =>
          file === `${path}/package.json` ||
          file.startsWith(`${path}/src/`) ||
          file.startsWith(`${path}/scripts/`),
      ),
  );
  for (const file of files) await cp(join(root, file), join(folder, file));
  for (const { name, path } of own) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(folder, path)), link);
  }
}

/**
 * @param {readonly import('./production-packages.mjs').ProductionPackage[]} packages
 * @param {string} folder
 */
async function copyThirdParty(packages, folder) {
  for (const { path, integrity } of packages) {
    if (integrity === undefined) continue;
    const from = join(root, path);
    // A package nested in another one has its own entry if it is needed.
    const nested = join(from, 'node_modules');
    await cp(from, join(folder, path), {
      recursive: true,
      filter: (file) => file !== nested && !UNUSED.test(file),
    });
  }
}

/**
 * @param {string} node
 * @param {string} nodePackage
 * @param {string} folder
 */
async function copyNode(node, nodePackage, folder) {
  await mkdir(join(folder, 'node', 'bin'), { recursive: true });
  await cp(node, join(folder, 'node', 'bin', 'node'));
  await cp(join(nodePackage, 'LICENSE'), join(folder, 'node', 'LICENSE'));
}

/**
 * Writes a tar archive whose bytes depend on the names, the contents and the date only.
 * @param {string} folder
 * @param {string} archive
 * @param {number} madeAtMs
 */
async function pack(folder, archive, madeAtMs) {
  const tar = join(dirname(folder), 'archive.tar');
  execFileSync('tar', [
    '--create',
    `--file=${tar}`,
    `--directory=${dirname(folder)}`,
    '--format=ustar',
    '--sort=name',
    `--mtime=@${madeAtMs / 1_000}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
    basename(folder),
  ]);
  // Unlike the program gzip, this writes neither a name nor a date.
  await pipeline(createReadStream(tar), createGzip({ level: 9 }), createWriteStream(archive));
  await rm(tar);
}

/** Returns the date of the commit in milliseconds. */
function commitDate() {
  const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], {
    cwd: root,
    encoding: 'utf8',
  });
  return Number(seconds) * 1_000;
}

/**
 * @param {string} folder
 * @returns {Promise<{ name: string, version: string, license: string }>}
 */
async function manifestIn(folder) {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  return /** @type {{ name: string, version: string, license: string }} */ (JSON.parse(text));
}

/** @param {string} path */
async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
