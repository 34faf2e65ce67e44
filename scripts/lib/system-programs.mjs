import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { root, SetupError } from '../setup.mjs';
import { runInForeground } from './processes.mjs';

/**
 * A program that no npm package brings.
 *
 * @typedef {object} SystemProgram
 * @property {string} program Its name on the path: the sign that it is there.
 * @property {string} package Its Debian package.
 * @property {string} [versionsIn] Where it may be besides: in the folder bin of one a version.
 * @property {string} purpose What the tests need it for.
 * @property {string[]} neededBy The starts of the paths of the files that need it.
 */

/** @returns {SystemProgram[]} */
function systemPrograms() {
  const list = readFileSync(join(root, 'scripts', 'system-programs.json'), 'utf8');
  return /** @type {SystemProgram[]} */ (JSON.parse(list));
}

/**
 * Sees to it that the programs which the given files need are there: installs them on Debian as
 * root, and elsewhere says how to.
 *
 * @param {readonly string[]} files Paths relative to the root.
 * @throws {SetupError} When one is missing and could not be installed.
 */
export async function ensureSystemPrograms(files) {
  const missing = systemPrograms().filter(
    ({ neededBy, ...it }) =>
      files.some((file) => neededBy.some((start) => file.startsWith(start))) && !isThere(it),
  );
  if (missing.length === 0) return;
  const reasons = missing.map(({ program, purpose }) => `  ${program}: ${purpose}`).join('\n');
  const packages = missing.map((program) => program.package);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (!existsSync('/etc/debian_version')) {
    throw new SetupError(
      `The tests need programs that are not here:\n${reasons}\n` +
        `Please install them; on Debian: ${install.join(' ')}`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `The tests need programs that are not here:\n${reasons}\n` +
        `Please run: sudo ${install.join(' ')}`,
    );
  }
  console.log(`Installing system packages:\n${reasons}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quietly = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0', '-qq'];
  await withoutDaemons('/usr/sbin/policy-rc.d', async () => {
    for (const args of [['update'], install.slice(1)]) {
      const code = await runInForeground('apt-get', [...quietly, ...args], { env });
      if (code !== 0) throw new SetupError(`apt-get ${args.join(' ')} ended with code ${code}.`);
    }
  });
  const still = missing.filter((it) => !isThere(it));
  if (still.length > 0) {
    throw new SetupError(`Installed, yet not found: ${still.map((it) => it.program).join(', ')}`);
  }
}

/**
 * @param {Pick<SystemProgram, 'program' | 'versionsIn'>} it
 * @returns {boolean} Whether it can be run from the path, from where root's programs are, or from
 *   the folder of one of its versions.
 */
export function isThere({ program, versionsIn }) {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  if (versionsIn !== undefined && existsSync(versionsIn)) {
    folders.push(...readdirSync(versionsIn).map((version) => join(versionsIn, version, 'bin')));
  }
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const POLICY_MARK = '# Written by Farandole while its tests install packages; safe to delete.';
const POLICY = `#!/bin/sh\n${POLICY_MARK}\nexit 101\n`;

/**
 * Does the work while Debian starts no daemon of the packages it installs: the tests start their
 * own. The policy that was there before is put back, also one that an interrupted run set aside.
 *
 * @template T
 * @param {string} policy The path that Debian asks, /usr/sbin/policy-rc.d.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withoutDaemons(policy, work) {
  const aside = `${policy}.before-farandole`;
  const current = await readFile(policy, 'utf8').catch(() => null);
  if (current !== null && !current.includes(POLICY_MARK)) await rename(policy, aside);
  await writeFile(policy, POLICY);
  await chmod(policy, 0o755);
  try {
    return await work();
  } finally {
    if (existsSync(aside)) await rename(aside, policy);
    else await rm(policy, { force: true });
  }
}
