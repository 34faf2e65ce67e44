import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isAlive } from '../lib/lock-file.mjs';
import { endLeftBehind, leftBehind, runAside } from '../lib/processes.mjs';

const node = process.execPath;
const cwd = import.meta.dirname;
const module = pathToFileURL(join(cwd, '..', 'lib', 'processes.mjs')).href;
const limitMs = 60_000;
const waitForever = 'setInterval(() => {}, 1000)';

test('returns a step’s exit code and both of its outputs', async () => {
  const script = `console.log('out'); console.error('err'); process.exitCode = 3`;
  const { code, output } = await runAside(node, ['--eval', script], { cwd, limitMs });
  assert.equal(code, 3);
  assert.deepEqual(output.trim().split('\n').sort(), ['err', 'out']);
});

test('ends a hanging step and its children at the time limit', async () => {
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['--eval', '${waitForever}']);
    console.log(child.pid);
    ${waitForever}`;
  const { code, output } = await runAside(node, ['--eval', script], { cwd, limitMs: 1_500 });
  assert.notEqual(code, 0);
  assert.match(output, /stopped: it took longer than 2 s/);
  assert.deepEqual(await endLeftBehind(10_000), []);
});

test('finds and kills a leftover process by id, in any process group', async () => {
  const script = `
    const options = { detached: true, stdio: 'ignore' };
    const args = ['--eval', '${waitForever}', 'left-behind-by-a-test'];
    const child = require('node:child_process').spawn(process.execPath, args, options);
    child.unref();
    console.log(child.pid)`;
  const { output } = await runAside(node, ['--eval', script], { cwd, limitMs });
  const pid = Number(output);
  assert.ok(isAlive(pid));
  assert.deepEqual(
    leftBehind().map((left) => left.pid),
    [pid],
  );
  const ended = await endLeftBehind(0);
  assert.match(ended[0]?.command ?? '', /left-behind-by-a-test/);
  assert.equal(ended.length, 1);
  assert.deepEqual(await endLeftBehind(10_000), []);
});

/** Starts a launcher like `npm start`. Its child is a server that prints a goodbye when it ends. */
function launch(server: string): ReturnType<typeof spawn> {
  const script = `
    import { runInForeground } from '${module}';
    process.exitCode = await runInForeground(process.execPath, ['--eval', ${JSON.stringify(server)}]);`;
  return spawn(node, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`forwards ${signal} to the server once and returns its exit code`, async () => {
    const launcher = launch(`
      let times = 0;
      process.on('${signal}', () => { times++; setTimeout(() => process.exit(40 + times), 50); });
      ${waitForever};
      console.log(process.pid);`);
    const [first] = (await once(launcher.stdout ?? assert.fail(), 'data')) as [Buffer];
    launcher.kill(signal);
    launcher.kill(signal);
    const [code] = (await once(launcher, 'exit')) as [number | null];
    assert.equal(code, 41);
    assert.ok(!isAlive(Number(first)));
  });
}

test('exits with 128 plus the signal’s number if the server was killed', async () => {
  const launcher = launch(`process.kill(process.pid, 'SIGKILL'); ${waitForever}`);
  const [code] = (await once(launcher, 'exit')) as [number | null];
  assert.equal(code, 128 + 9);
});

test('ends launcher and server when npm and its shell have ended', async () => {
  const server = `process.on('SIGTERM', () => process.exit(0)); ${waitForever}; console.log(process.pid)`;
  const script = `
    import { runInForeground } from '${module}';
    await runInForeground(process.execPath, ['--eval', ${JSON.stringify(server)}]);`;
  // The second command prevents the shell from replacing itself with our process.
  const shell = spawn('sh', ['-c', `"$0" --input-type=module --eval "$1"; :`, node, script], {
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(shell.stdout, 'data')) as [Buffer];
  shell.kill('SIGTERM');
  // The pipe closes when the last process that holds it has ended.
  await once(shell.stdout, 'close');
  assert.ok(!isAlive(Number(first)));
});
