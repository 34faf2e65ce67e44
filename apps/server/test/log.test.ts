import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProgram } from '@farandole/e2e/process';
import { brandId, type MatchId } from '@farandole/kernel/id';
import { createLog, describeError, type Log } from '../src/observe/log.ts';

/** A program that logs many lines in one turn of its event loop. */
const LINES = join(import.meta.dirname, 'support', 'log-lines.ts');

function portsIn(output: string): readonly number[] {
  return Array.from(output.matchAll(/"port":(\d+)\}\n/g), ([, port]) => Number(port));
}

function logOf(): { readonly log: Log; readonly lines: () => readonly string[] } {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  return { log, lines: () => lines };
}

test('writes one JSON object per line with level, time and event', () => {
  const { log, lines } = logOf();
  log({ event: 'listening', port: 8080 });
  const [line = '', ...others] = lines();
  assert.deepEqual(others, []);
  assert.match(line, /^\{.*\}\n$/);
  const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual(rest, { level: 'info', event: 'listening', port: 8080 });
  // The log writes times in UTC, so that lines of several machines can be ordered.
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("drops log fields that aren't on the list of allowed fields", () => {
  const { log, lines } = logOf();
  const event = {
    event: 'match-found',
    mode: 'video',
    waitedMs: 5,
    match: brandId<MatchId>('match-1'),
    address: '198.51.100.1',
    text: 'hello',
  } as const;
  log(event);
  assert.deepEqual(Object.keys(JSON.parse(lines()[0] ?? '') as object), [
    'level',
    'time',
    'event',
    'mode',
    'waitedMs',
    'match',
  ]);
});

test('logs no normal traffic and no events below the log level', () => {
  const { log, lines } = logOf();
  log({ event: 'relayed', kind: 'chat' });
  assert.deepEqual(lines(), []);
  const warnings: string[] = [];
  const warn = createLog('warn', { write: (line) => void warnings.push(line) });
  warn({ event: 'stopped' });
  warn({ event: 'proxy-not-listed' });
  assert.equal(warnings.length, 1);
  const silent = createLog('silent', { write: (line) => void warnings.push(line) });
  silent({ event: 'journal-failed', code: 'EIO' });
  assert.equal(warnings.length, 1);
});

test('prints waiting lines while the process runs', async () => {
  const program = startProgram(process.execPath, [LINES, '5', 'stay']);
  await program.printed(/"port":4\}\n/);
  assert.deepEqual(portsIn(program.output()), [0, 1, 2, 3, 4]);
  await program.stop('SIGKILL');
});

test('prints every line when the process exits or crashes', () => {
  for (const [how, status] of [
    ['exit', 0],
    ['crash', 1],
    ['end', 0],
  ] as const) {
    const ended = spawnSync(process.execPath, [LINES, '2000', how], { encoding: 'utf8' });
    assert.equal(ended.status, status, ended.stderr);
    assert.deepEqual(portsIn(ended.stdout), [...Array(2_000).keys()], how);
  }
});

test('logs kind and origin of an error, not its message', () => {
  let caught: unknown;
  try {
    JSON.parse('{"cookie": the-cookie-of-somebody}');
  } catch (error) {
    caught = error;
  }
  const described = describeError(caught);
  assert.equal(described.error, 'SyntaxError');
  assert.ok(described.frames.length > 0);
  assert.ok(!JSON.stringify(described).includes('the-cookie-of-somebody'));
  assert.deepEqual(describeError('thrown'), { error: 'string', code: 'none', frames: [] });
});
