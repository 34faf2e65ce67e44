import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { root, SetupError } from '../setup.mjs';
import { runInForeground } from './processes.mjs';

/**
 * A program that tests need and npm doesn't install.
 * @typedef {object} SystemProgram
 * @property {string} program Its name on the path.
 * @property {string} package Its Debian package.
 * @property {string} [versionsIn] Other location: `bin` in a folder per version.
 * @property {string} purpose
 * @property {string[]} neededBy Path prefixes of files that need it.
 */

/** @returns {SystemProgram[]} */
function systemPrograms() {
  const list = readFileSync(join(root, 'scripts', 'system-programs.json'), 'utf8');
  return /** @type {SystemProgram[]} */ (JSON.parse(list));
}

/**
 * Installs the programs that the files need if this is Debian and the user is root. Otherwise
 * prints how to install them.
 * @param {readonly string[]} files Paths relative to the root.
 * @throws {SetupError} When a program is missing and can't be installed.
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
      `The tests need programs that are not installed:\n${reasons}\n` +
        `Please install them; on Debian: ${install.join(' ')}`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `The tests need programs that are not installed:\n${reasons}\n` +
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
 * @returns {boolean} Whether the program is on the path, among root's programs, or in a version's
 * folder.
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
 * Runs `work` while Debian starts no daemons of packages that are installed. Afterwards restores
 * the previous policy, even one that an interrupted run moved away.
 * @template T
 * @param {string} policy Debian's /usr/sbin/policy-rc.d.
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
