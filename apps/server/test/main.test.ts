import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { SETTING_NAMES } from '../src/config/settings.ts';
import { openDataDir } from '../src/node/data-dir.ts';
import { systemClock } from '../src/node/system-clock.ts';
import { StartError } from '../src/start-error.ts';
import { CommandLine } from './support/command-line.ts';
import { type MainProcess, startMain } from './support/main-process.ts';
import { arriveAndMeet } from './support/meeting.ts';
import { storeOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { builtPage, INDEX_HTML, startTestServer, temporaryFolder } from './support/test-server.ts';

const LOOPBACKS: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

type ReportFields = Omit<ClientMessageOf<'report.create'>, 'type' | 'seq' | 'id'>;

interface Started extends MainProcess {
  readonly port: number;
  readonly dataDir: string;
}

async function startServing(
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const dataDir = join(await temporaryFolder(t), 'data');
  const args = ['--pages', await builtPage(t)];
  const program = startMain(t, args, { PORT: '0', FARANDOLE_DATA_DIR: dataDir, ...env });
  const [, port] = await program.printed(/^Farandole is at http:\/\/localhost:(\d+)$/m);
  return { ...program, port: Number(port), dataDir };
}

test("[MO-101] prints the server's addresses, serves the page and ends cleanly on SIGTERM", async (t) => {
  const program = await startServing(t, { FARANDOLE_METRICS_PORT: '0' });
  const loopbacks = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address).filter((address) => LOOPBACKS.has(address)),
  );
  assert.ok(loopbacks.length > 0);
  for (const host of loopbacks) {
    const headers = { Host: `localhost:${program.port}` };
    const answer = await ask({ port: program.port, host, headers });
    assert.equal(answer.text(), INDEX_HTML, host);
  }
  // The program prints a sign-in link for the first member as long as there is no member.
  const [, link = ''] = await program.printed(/first member at (\S+)$/m);
  const [page = '', token = ''] = link.split('#link=');
  assert.equal(page, `http://localhost:${program.port}/console`);
  const answer = await ask({
    port: program.port,
    path: '/console/api/link',
    method: 'POST',
    headers: { Origin: new URL(page).origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  assert.deepEqual(answer.json(), { name: null });
  // The program prints the metrics port that the operating system chose.
  const [, url = ''] = await program.printed(/^Metrics are at (http:\S+)$/m);
  const metrics = await fetch(url);
  assert.match(await metrics.text(), /^farandole_sockets 0$/m);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
  assert.equal(program.stderr(), '');
  assert.match(program.stdout(), /"event":"listening"/);
  assert.match(program.stdout(), /"event":"stopped"/);
  // The ended program has released its lock.
  await (await openDataDir(program.dataDir)).release();
});

test('drains on SIGTERM and exits on a second signal', async (t) => {
  const program = await startServing(t);
  const page = new TestPage(t, program.port);
  await page.arrive();
  program.child.kill('SIGTERM');
  await page.next('server.moving');
  assert.equal((await ask({ port: program.port, path: '/readyz' })).status, 503);
  program.child.kill('SIGINT');
  assert.equal(await program.ended, 1);
});

/** Makes the release of the data folder's lock fail, as a disk can. */
const FAILING_CLOSE = `
  import { DatabaseSync } from 'node:sqlite';
  import { isMainThread } from 'node:worker_threads';
  const { close } = DatabaseSync.prototype;
  if (isMainThread) DatabaseSync.prototype.close = function () {
    close.call(this);
    throw Object.assign(new Error('the disk failed'), { code: 'EIO' });
  };
`;

test('prints one sentence when the disk fails after SIGTERM', async (t) => {
  const module = `data:text/javascript,${encodeURIComponent(FAILING_CLOSE)}`;
  const program = await startServing(t, { NODE_OPTIONS: `--import=${module}` });
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 1);
  assert.match(program.stderr(), /^Farandole stopped, but .*\(EIO\).*Check the disk.*\n$/);
  assert.match(program.stdout(), /"event":"stopped"/);
  assert.doesNotMatch(program.stdout(), /"event":"crashed"/);
});

test('refuses a date before the stored one unless --accept-date is given', async (t) => {
  const { dataDir, close } = await startTestServer(t);
  await close();
  const store = await storeOf(t, { dataDir });
  const dateMs = systemClock.wallMs() + 3_600_000;
  await store.run('date.keep', { dateMs });
  const args = ['--pages', await builtPage(t)];
  const env = { PORT: '0', FARANDOLE_DATA_DIR: dataDir };
  const refused = startMain(t, args, env);
  assert.equal(await refused.ended, 1);
  assert.match(refused.stderr(), /^The machine's date is .*--accept-date\.\n$/);
  assert.equal(await store.run('date.read', null), dateMs);
  await startMain(t, [...args, '--accept-date'], env).printed(/^Farandole is at/m);
});

test('[PR-45] ends a drain when the last user leaves', async (t) => {
  const program = await startServing(t);
  const page = new TestPage(t, program.port);
  await page.arrive();
  program.child.kill('SIGINT');
  await page.next('server.moving');
  page.socket.close(1000);
  assert.equal(await program.ended, 0);
});

test("prints all invalid settings and doesn't start", async (t) => {
  const program = startMain(t, [], { PORT: 'x', FARANDOLE_RELYA: 'always' });
  assert.equal(await program.ended, 1);
  assert.equal(program.stdout(), '');
  assert.match(program.stderr(), /PORT is "x", which is not a whole number/);
  assert.match(program.stderr(), /Did you mean FARANDOLE_RELAY\?/);
  assert.doesNotMatch(program.stderr(), /\bat .*:\d+:\d+/, 'no stack');
});

test('refuses to start on a port in use and prints the fix', async (t) => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const dataDir = await temporaryFolder(t);
  const program = startMain(t, ['--pages', await builtPage(t)], {
    PORT: String(port),
    FARANDOLE_DATA_DIR: dataDir,
  });
  assert.equal(await program.ended, 1);
  assert.match(program.stderr(), new RegExp(`Port ${port} is in use by another program`));
  assert.match(program.stderr(), /PORT=\d+/);
  assert.doesNotMatch(program.stderr(), /\bat .*:\d+:\d+/, 'no stack');
  // A failed start must release the lock.
  await (await openDataDir(dataDir)).release();
});

// Returns a predicate on a start error's message. The printed message isn't read here, because the
// process prints all start errors alike and the test of a port in use reads it.
const says = (pattern: RegExp) => (error: unknown) =>
  error instanceof StartError && pattern.test(error.message);

test('refuses to start on a metrics port that is in use', async (t) => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  await assert.rejects(
    startTestServer(t, { env: { FARANDOLE_METRICS_PORT: String(port) } }),
    says(new RegExp(`Port ${port} is in use.*FARANDOLE_METRICS_PORT=`)),
  );
});

test('keeps the earlier sign-in link of the first member if a start fails', async (t) => {
  const { dataDir, ...first } = await startTestServer(t);
  assert.ok(first.ownerLink !== null);
  await first.close();
  const audit = async () => await new CommandLine(dataDir).says('audit', 'verify', '--json');
  const before = await audit();
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const taken = String((other.address() as AddressInfo).port);
  const env = { FARANDOLE_METRICS_PORT: taken };
  await assert.rejects(startTestServer(t, { dataDir, env }), says(/is in use/));
  // A new link would be in the audit.
  assert.equal(await audit(), before);
});

test("refuses to start on an address that the machine doesn't have", async (t) => {
  await assert.rejects(
    startTestServer(t, { env: { HOST: '192.0.2.1', FARANDOLE_AGE_REQUIRED: 'declared' } }),
    says(/192\.0\.2\.1 is not an address of this machine/),
  );
});

test('refuses to start on a data folder that is in use', async (t) => {
  const running = await startServing(t);
  const program = startMain(t, ['--pages', await builtPage(t)], {
    PORT: '0',
    FARANDOLE_DATA_DIR: running.dataDir,
  });
  assert.equal(await program.ended, 1, program.stdout());
  assert.match(program.stderr(), /^Another server uses the data folder/);
  assert.doesNotMatch(program.stderr(), /\bat .*:\d+:\d+/, 'no stack');
});

test('refuses to start on an unusable or damaged data folder, naming why', async (t) => {
  const folder = await temporaryFolder(t);
  const refuses = async (dataDir: string, pattern: RegExp): Promise<void> => {
    await assert.rejects(startTestServer(t, { dataDir }), says(pattern));
  };
  await writeFile(join(folder, 'file'), '');
  await refuses(join(folder, 'file'), /cannot be used.*FARANDOLE_DATA_DIR/);

  const damaged = join(folder, 'damaged');
  await mkdir(damaged);
  await writeFile(join(damaged, 'ages.jsonl'), 'nonsense\n');
  await refuses(damaged, /ages\.jsonl:1 is damaged/);

  // Data without the keys is unreadable, so the server refuses to start.
  const keyless = join(folder, 'keyless');
  await mkdir(keyless);
  await writeFile(join(keyless, 'blocks.jsonl'), '{}\n');
  await refuses(keyless, /keys\.json is missing.*blocks\.jsonl/);

  const open = join(folder, 'open');
  await mkdir(open);
  await writeFile(join(open, 'keys.json'), '{}');
  await chmod(join(open, 'keys.json'), 0o644);
  await refuses(open, /chmod 600/);
});

test('refuses to start without a page build', async (t) => {
  const folder = await temporaryFolder(t);
  const program = startMain(t, ['--pages', folder], { PORT: '0', FARANDOLE_DATA_DIR: folder });
  assert.equal(await program.ended, 1);
  assert.match(program.stderr(), /has not been built.*npm start/s);
});

test('prints the settings without secrets by --check-config and starts nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const dataDir = join(folder, 'never-made');
  const file = join(folder, 'farandole.json');
  await writeFile(file, JSON.stringify({ FARANDOLE_TURN_URLS: ['turn:turn.example.org'] }));
  const program = startMain(t, ['--check-config', '--config', file], {
    FARANDOLE_DATA_DIR: dataDir,
    FARANDOLE_TURN_SECRET: 'hush-hush-hush-hush-hush',
  });
  assert.equal(await program.ended, 0);
  const shown = program.stdout();
  for (const name of SETTING_NAMES) assert.match(shown, new RegExp(`^${name} `, 'm'));
  assert.match(shown, /^FARANDOLE_TURN_URLS +turn:turn\.example\.org +\(file\)$/m);
  assert.match(shown, /^FARANDOLE_TURN_SECRET +\*+ +\(environment\)$/m);
  assert.match(shown, /^FARANDOLE_RELAY +until-consent +\(default\)$/m);
  assert.ok(!shown.includes('hush-hush'));
  assert.ok(!(await readdir(folder)).includes('never-made'));
  const wrong = startMain(t, ['--check-config', '--config', join(folder, 'gone.json')]);
  assert.equal(await wrong.ended, 1);
  assert.match(wrong.stderr(), /gone\.json cannot be read/);
});

test('lists every setting by --help and refuses unknown options', async (t) => {
  const help = startMain(t, ['--help'], { PORT: 'x' });
  assert.equal(await help.ended, 0);
  for (const name of SETTING_NAMES) assert.ok(help.stdout().includes(`  ${name} (`), name);
  const wrong = startMain(t, ['--nope']);
  assert.equal(await wrong.ended, 1);
  assert.match(wrong.stderr(), /--nope/);
  assert.match(wrong.stderr(), /--check-config/);
});

test('[PR-53] lets the next process verify chat lines tagged by a killed process', async (t) => {
  const first = await startServing(t);
  const ana = new TestPage(t, first.port);
  const ben = new TestPage(t, first.port);
  const [{ match, epoch, receipt }] = await arriveAndMeet(ana, ben);
  ben.say('chat.send', { match, epoch, id: 'line-of-ben', text: 'provable' });
  const { line } = await ana.next('chat.line');
  first.child.kill('SIGKILL');
  assert.equal(await first.ended, 'SIGKILL');

  const second = await startServing(t, { FARANDOLE_DATA_DIR: first.dataDir });
  const later = ana.moveTo(t, second.port);
  await later.start();
  const report = { receipt, reason: 'other', lines: [line] } satisfies ReportFields;
  // The test replaces the key id by an unknown one, so the node can't verify the line. With a
  // known key id the line would count as forged.
  const ofNobody = { ...line, tag: line.tag.replace(/^[^.]+/, 'gone') };
  later.say('report.create', { id: 'report-1', ...report, lines: [ofNobody] });
  assert.equal((await later.next('report.refused')).reason, 'bad-lines');
  later.say('report.create', { id: 'report-2', ...report });
  await later.next('report.accepted');
  second.child.kill('SIGTERM');
});
