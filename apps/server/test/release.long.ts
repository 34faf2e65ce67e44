import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { ask } from '@farandole/e2e/http';
import { NetworkNamespace } from '@farandole/e2e/network-namespace';
import { ROOT, type RunningProgram, startProgram } from '@farandole/e2e/process';
import {
  buildRelease,
  type Installed,
  installRelease,
  type Release,
  removeRelease,
} from '@farandole/e2e/release';
import { startShippedCoturn } from '@farandole/e2e/shipped-coturn';
import { makeOldFolder, OLD_DUMP } from './support/old-store.ts';

const run = promisify(execFile);

const ARCHIVE_BYTES_MAX = 110_000_000;
/** A public address that exists only in a network namespace. */
const RELAY = '9.9.9.41';

interface Manifest {
  readonly name: string;
  readonly version?: string;
}

let release: Release;

before(async () => {
  release = await buildRelease();
});
after(() => removeRelease(release));

async function install(t: TestContext): Promise<Installed> {
  const installed = await installRelease(release);
  t.after(() => removeRelease(installed));
  return installed;
}

function environment({ dataDir }: Installed): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', FARANDOLE_DATA_DIR: dataDir, PORT: '0' };
}

/** Runs a command of the archive to its end. */
async function farandole(installed: Installed, ...args: readonly string[]): Promise<string> {
  const [command, ...rest] = installed.command;
  const env = environment(installed);
  const { stdout } = await run(command, [...rest, ...args], { env, cwd: installed.folder });
  return stdout;
}

async function serve(
  t: TestContext,
  installed: Installed,
  ...args: readonly string[]
): Promise<{ readonly program: RunningProgram; readonly port: number }> {
  const [command, ...rest] = installed.command;
  const program = startProgram(command, [...rest, 'serve', ...args], environment(installed));
  t.after(() => program.stop('SIGKILL'));
  const [, port] = await program.printed(/"event":"listening","port":(\d+)/);
  return { program, port: Number(port) };
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

test('builds the same archive twice, of at most 110 MB', async (t) => {
  await run(process.execPath, [join(ROOT, 'scripts', 'build.mjs')]);
  const again = await buildRelease();
  t.after(() => removeRelease(again));
  const { size } = await stat(release.archive);
  t.diagnostic(`${(size / 1e6).toFixed(1)} MB`);
  assert.ok(size <= ARCHIVE_BYTES_MAX, `${size}`);
  assert.equal(await digestOf(again.archive), await digestOf(release.archive));
  const sums = (folder: string) => readFile(join(folder, 'SHA256SUMS'), 'utf8');
  assert.equal(await sums(again.folder), await sums(release.folder));
  await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: release.folder });
});

test('contains exactly the packages of its bill of materials', async (t) => {
  const { program } = await install(t);
  const bill = JSON.parse(await readFile(join(program, 'farandole.cdx.json'), 'utf8')) as {
    readonly components: readonly { readonly purl: string }[];
  };
  const listed = new Set(bill.components.map(({ purl }) => purl));
  const folders = await run('find', [join(program, 'node_modules'), '-name', 'package.json']);
  let found = 0;
  for (const path of folders.stdout.trim().split('\n')) {
    // A package can contain further package.json files, which have no version.
    const { name, version } = JSON.parse(await readFile(path, 'utf8')) as Manifest;
    const isPackage = new RegExp(`node_modules/${name}/package\\.json$`).test(path);
    if (!isPackage || version === undefined) continue;
    found += 1;
    assert.ok(listed.has(`pkg:npm/${name.replace('@', '%40')}@${version}`), `${name}@${version}`);
  }
  assert.ok(found > 60, `${found}`);
});

test('serves the page as a user who can write only the data folder', async (t) => {
  const installed = await install(t);
  const manifest = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as Manifest;
  assert.equal(await farandole(installed, '--version'), `${version}\n`);
  const { program, port } = await serve(t, installed);
  const page = await ask({ port, path: '/' });
  assert.equal(page.status, 200);
  assert.match(page.text(), /<title>/);
  assert.equal((await ask({ port, path: '/console' })).status, 200);
  assert.match(await farandole(installed, 'user', 'add', 'Ana', '--role', 'admin'), /Ana/);
  assert.match(await farandole(installed, 'user', 'passkey-link', 'Ana'), /#link=/);
  await program.stop('SIGTERM');
  const lines = program.output().trim().split('\n');
  for (const line of lines) {
    const { event } = JSON.parse(line) as { readonly event: unknown };
    assert.equal(typeof event, 'string', line);
  }
  assert.doesNotMatch(program.output(), /#link=/, 'the log has no sign-in link');
  assert.deepEqual((await readdir(installed.folder)).length, 2, 'nothing lies beside the program');
});

test('upgrades a data folder of 0.1.0 and goes back by its backup', async (t) => {
  const installed = await install(t);
  const { dataDir } = installed;
  const owner = await stat(dataDir);
  await rm(dataDir, { recursive: true });
  await makeOldFolder(dataDir);
  for (const name of ['', ...(await readdir(dataDir))]) {
    await chown(join(dataDir, name), owner.uid, owner.gid);
  }
  // The fixture's dates are fixed, so they differ from the machine's date.
  const { program, port } = await serve(t, installed, '--accept-date');
  assert.equal((await ask({ port, path: '/readyz' })).status, 200);
  await program.stop('SIGTERM');
  const saved = (await readdir(dataDir)).find((name) => name.startsWith('before-upgrade-')) ?? '';
  const backup = join(installed.folder, 'backup');
  await run('mv', [join(dataDir, saved), backup]);
  assert.equal(await readFile(join(backup, 'store.jsonl'), 'utf8'), OLD_DUMP);
  await run('find', [dataDir, '-mindepth', '1', '-delete']);
  assert.match(await farandole(installed, 'restore', backup), /digest/);
  const second = await serve(t, installed, '--accept-date');
  assert.equal((await ask({ port: second.port, path: '/readyz' })).status, 200);
});

test('doctor tells a live relay from a dead one and a wrong secret', async (t) => {
  const installed = await install(t);
  const { program } = await serve(t, installed);
  await program.stop('SIGTERM');
  const network = await NetworkNamespace.make();
  t.after(() => network.leave());
  network.addAddress(RELAY);
  const doctor = async (secret: string): Promise<string> => {
    const [command, ...args] = installed.command;
    const ran = network.start(command, [...args, 'doctor'], {
      ...environment(installed),
      FARANDOLE_TURN_URLS: `turn:${RELAY}:3478?transport=udp,turn:${RELAY}:3478?transport=tcp`,
      FARANDOLE_TURN_SECRET: secret,
    });
    await ran.printed(/^\S+ +relay .*=tcp /m);
    await ran.stop();
    return ran.output();
  };
  const coturn = await startShippedCoturn(network, { address: RELAY });
  const alive = await doctor(coturn.secret);
  for (const transport of ['udp', 'tcp']) {
    assert.match(alive, new RegExp(`^ok +relay +turn:\\S+=${transport} relays to itself`, 'm'));
  }
  assert.match(await doctor('another-secret-of-the-node'), /^fail +relay .*static-auth-secret/m);
  await coturn.stop();
  const dead = await doctor(coturn.secret);
  assert.match(dead, /^fail +relay .*=udp doesn’t answer/m);
  assert.match(dead, /^fail +relay .*=tcp can’t be reached \(ECONNREFUSED\)/m);
});
