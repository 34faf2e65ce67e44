import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs, {
  closeSync,
  constants,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LOG_WAITING_CHARS_MAX } from '../src/limits.ts';
import { LineWriter } from '../src/observe/line-writer.ts';
import { codeOf } from '../src/start-error.ts';
import { RUNTIME_COMMANDS } from './support/bun.ts';
import { temporaryFolder } from './support/test-server.ts';

/** A program that logs many lines in one turn of its event loop. */
const LINES = join(import.meta.dirname, 'support', 'log-lines.ts');

/** A pipe that refuses to write, as a slow reader's does, until the test reads it. */
class FullPipe {
  readonly fd: number;
  /** Number of bytes that fill the pipe. */
  readonly filledBytes: number;

  constructor(t: TestContext, path: string) {
    execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
    this.fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    t.after(() => closeSync(this.fd));
    let filledBytes = 0;
    this.#untilRefused(() => {
      filledBytes += writeSync(this.fd, Buffer.alloc(4_096));
    });
    this.filledBytes = filledBytes;
  }

  /** Waits until `length` bytes were written after the pipe was full, and returns them. */
  async read(length: number): Promise<string> {
    const chunks: Buffer[] = [];
    let byteLength = 0;
    while (byteLength < this.filledBytes + length) {
      this.#untilRefused(() => {
        const chunk = Buffer.alloc(65_536);
        const readBytes = readSync(this.fd, chunk);
        chunks.push(chunk.subarray(0, readBytes));
        byteLength += readBytes;
      });
      await nextTurn();
    }
    return Buffer.concat(chunks).subarray(this.filledBytes).toString();
  }

  #untilRefused(step: () => void): void {
    for (;;) {
      try {
        step();
      } catch (error) {
        assert.equal(codeOf(error), 'EAGAIN');
        return;
      }
    }
  }
}

/** Returns a promise of the moment at which the given number of writes have failed. */
function failedWrites(t: TestContext, count: number): Promise<void> {
  const { write } = fs;
  let left = count;
  return new Promise((resolve) => {
    const watched = t.mock.method(fs, 'write', ((fd, bytes, done) => {
      write(fd, bytes, (error, byteLength) => {
        if (error !== null && --left === 0) resolve();
        done(error, byteLength, bytes);
      });
    }) as Write);
    syncBuiltinESMExports();
    t.after(() => {
      watched.mock.restore();
      syncBuiltinESMExports();
    });
  });
}

type Write = (
  fd: number,
  bytes: Buffer,
  done: (error: Error | null, byteLength: number, bytes: Buffer) => void,
) => void;

test('keeps lines while a pipe is full and writes them later in order', async (t) => {
  const pipe = new FullPipe(t, join(await temporaryFolder(t), 'pipe'));
  const failed = failedWrites(t, 2);
  const writer = new LineWriter(pipe.fd);
  const lines = Array.from({ length: 20_000 }, (_, place) => `line ${place}\n`);
  for (const line of lines.slice(0, 10_000)) writer.write(line);
  await failed;
  for (const line of lines.slice(10_000)) writer.write(line);
  const expected = lines.join('');
  assert.equal(await pipe.read(expected.length), expected);
});

test('LOG_WAITING_CHARS_MAX: drops waiting lines above this length', async (t) => {
  const path = join(await temporaryFolder(t), 'log');
  const fd = openSync(path, 'w');
  t.after(() => closeSync(fd));
  const writer = new LineWriter(fd);
  const half = `${'h'.repeat(LOG_WAITING_CHARS_MAX / 2 - 1)}\n`;
  for (const line of [half, `i${half}`, half, '\n']) writer.write(line);
  while (statSync(path).size < LOG_WAITING_CHARS_MAX) await nextTurn();
  assert.ok(readFileSync(path, 'utf8') === half + half, 'the file has other lines');
});

test('prints lines whose write has begun when the process exits', () => {
  for (const { runtime, command } of RUNTIME_COMMANDS) {
    const [program, ...options] = command;
    const ended = spawnSync(program, [...options, LINES, '3', 'exit-late'], { encoding: 'utf8' });
    // On Bun the lines may come twice.
    const ports = new Set(ended.stdout.match(/"port":\d+/g));
    assert.deepEqual([...ports], ['"port":0', '"port":1', '"port":2'], runtime);
  }
});

test('ends the process in time when no line can be written', () => {
  for (const [how, status, to] of [
    ['exit', 0, '> /dev/full'],
    ['crash', 1, '> /dev/full'],
    ['crash', 1, '| true'],
  ] as const) {
    const command = `("$0" "$1" 3 ${how}; echo "ended with $?" >&2) ${to}`;
    const { stderr } = spawnSync('sh', ['-c', command, process.execPath, LINES], {
      ...{ encoding: 'utf8', timeout: 30_000 },
    });
    assert.equal(stderr, `ended with ${status}\n`, `${how} ${to}`);
  }
});
