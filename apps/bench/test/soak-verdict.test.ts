import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startProgram } from '@farandole/e2e/process';
import { createPrng } from '@farandole/kernel/prng';
import { Inspector } from '../src/load/inspector.ts';
import { descriptorsOf, residentKibOf } from '../src/load/process-figures.ts';
import { readOptions } from '../src/soak/command.ts';
import type { SoakOptions } from '../src/soak/run.ts';
import type { Holdings } from '../src/soak/soaked-server.ts';
import {
  HEAP_KIB_PER_MINUTE_MAX,
  judge,
  KIB_A_MEETING,
  KIB_A_PERSON,
  RESIDENT_KIB_PER_MINUTE_MAX,
  type SoakRecord,
  type SoakSample,
  STORE_CACHE_KIB,
  STORED_KIB_A_MEETING,
} from '../src/soak/verdict.ts';

const CALM = {
  online: 40,
  detached: 1,
  calls: 18,
  waiting: 2,
  sockets: 41,
  sessionsOpened: 0,
  sessionsResumed: 0,
  eventLoopP99Ms: 2,
  eventLoopMaxMs: 9,
};

const GONE = { ...CALM, online: 0, detached: 0, calls: 0, waiting: 0, sockets: 0 };

const IDLE: Holdings = {
  residentKib: 100_000,
  heapKib: 30_000,
  descriptors: { socket: 3, file: 5 },
  resources: { TCPServerWrap: 2, Timeout: 1 },
};

/** Makes samples of half an hour with the given heap growth and some noise. */
function samplesOf(heapKibPerMinute: number, residentKibPerMinute = 0): readonly SoakSample[] {
  const prng = createPrng(3);
  return Array.from({ length: 360 }, (_, look) => {
    const minutes = (look + 1) / 12;
    const noise = 100 * (prng.unit() - 0.5);
    return {
      elapsedMs: minutes * 60_000,
      sessions: Math.round(600 * minutes),
      people: 600,
      isCollected: look % 3 === 0,
      holdings: {
        ...IDLE,
        heapKib: IDLE.heapKib + noise + heapKibPerMinute * minutes,
        residentKib: IDLE.residentKib + 30 * noise + residentKibPerMinute * minutes,
        descriptors: { socket: 44, file: 5 },
      },
      gauges: CALM,
    };
  });
}

function recordOf(changes: Partial<SoakRecord> = {}): SoakRecord {
  return {
    samples: samplesOf(0),
    matches: 18_000,
    before: IDLE,
    after: IDLE,
    gaugesAfter: GONE,
    lines: { accepted: 100_000, lost: 0, doubled: 0, foreign: 0 },
    streamFaults: 0,
    couplesParted: 0,
    faults: new Map(),
    log: { unexpected: 0, kept: [] },
    ...changes,
  };
}

test('passes a node whose memory stays constant', () => {
  const verdict = judge(recordOf());
  assert.deepEqual(verdict.reasons, []);
  assert.ok(Math.abs(verdict.heap.kibPerMinute.median) < 5);
  assert.equal(verdict.handlesBefore, 8);
  assert.equal(verdict.handlesAfter, 8);
  assert.equal(verdict.handlesUnderLoadAtStart, 8);
});

test('finds a memory leak of 0.1 KiB per session and reports it', () => {
  const verdict = judge(recordOf({ samples: samplesOf(60) }));
  assert.ok(Math.abs(verdict.heap.kibPerMinute.median - 60) < 5);
  assert.ok(Math.abs(verdict.heap.kibPer1000Sessions.median - 100) < 10);
  assert.equal(verdict.reasons.length, 1);
  assert.match(
    verdict.reasons[0] ?? '',
    /^The heap grows by at least (?:5\d|60) KiB a minute; 48 /,
  );
});

test('raises the memory bound by the memory kept per new user', () => {
  const peopleAMinute = 150;
  const reasonsOf = (kibAPerson: number): readonly string[] =>
    judge(
      recordOf({
        samples: samplesOf(kibAPerson * peopleAMinute).map((sample) => ({
          ...sample,
          people: 600 + (peopleAMinute * sample.elapsedMs) / 60_000,
        })),
      }),
    ).reasons;
  assert.deepEqual(reasonsOf(KIB_A_PERSON), []);
  const leak = KIB_A_PERSON + (HEAP_KIB_PER_MINUTE_MAX + 10) / peopleAMinute;
  assert.match(reasonsOf(leak).join(), /^The heap grows/);
});

test('finds growth of resident memory without growth of the heap', () => {
  const verdict = judge(recordOf({ samples: samplesOf(0, 1_000) }));
  assert.match(verdict.reasons.join(), /^Resident memory grows/);
});

test("allows the store's cache to grow until the cache is full", () => {
  const meetingsAMinute = 600;
  const atMostOf = (minutes: number): number => {
    const samples = samplesOf(0).map((sample) => ({
      ...sample,
      elapsedMs: (sample.elapsedMs * minutes) / 30,
    }));
    const record = recordOf({ samples, matches: meetingsAMinute * minutes });
    return judge(record).resident.atMostKibPerMinute;
  };
  const filling = STORED_KIB_A_MEETING * meetingsAMinute;
  assert.ok(Math.abs(atMostOf(30) - (RESIDENT_KIB_PER_MINUTE_MAX + filling)) < 1e-6);
  const minutesToFill = STORE_CACHE_KIB / filling;
  assert.ok(Math.abs(atMostOf(3 * minutesToFill) - RESIDENT_KIB_PER_MINUTE_MAX) < 1e-6);
});

test('allows more memory for stored meetings until the first meeting expires', () => {
  const short = (kibPerMinute: number): SoakRecord =>
    recordOf({ samples: samplesOf(kibPerMinute).slice(0, 60), matches: 3_000 });
  const inOrder = KIB_A_MEETING * 600 + HEAP_KIB_PER_MINUTE_MAX;
  assert.deepEqual(judge(short(inOrder - 60)).reasons, []);
  assert.equal(judge(short(inOrder + 120)).reasons.length, 1);
});

test('ignores the load’s first third when computing the allowed memory growth', () => {
  assert.equal(judge(recordOf()).heap.atMostKibPerMinute, HEAP_KIB_PER_MINUTE_MAX);
  // The soak test judges ten of fifteen minutes. In the first five of these ten no meeting
  // expires.
  const quarter = recordOf({ samples: samplesOf(0).slice(0, 180), matches: 9_000 });
  const atMost = HEAP_KIB_PER_MINUTE_MAX + 0.5 * KIB_A_MEETING * 600;
  assert.ok(Math.abs(judge(quarter).heap.atMostKibPerMinute - atMost) < 1e-6);
});

test('names the kind of a resource that stays open or active', () => {
  const after = { ...IDLE, descriptors: { socket: 4, file: 5, pipe: 1 } };
  assert.deepEqual(judge(recordOf({ after })).reasons, [
    '4 of the kind "socket" are open after the load was gone; before it there were 3.',
    '1 of the kind "pipe" are open after the load was gone; before it there were 0.',
  ]);
  const active = { ...IDLE, resources: { TCPServerWrap: 2, Timeout: 9 } };
  assert.match(judge(recordOf({ after: active })).reasons.join(), /^9 of the kind "Timeout"/);
  const fewer = { ...IDLE, descriptors: { socket: 2 }, resources: {} };
  assert.deepEqual(judge(recordOf({ after: fewer })).reasons, []);
});

test('names the leaked kind: session, call or pool entry', () => {
  for (const what of ['online', 'detached', 'calls', 'waiting', 'sockets']) {
    const { reasons } = judge(recordOf({ gaugesAfter: { ...GONE, [what]: 1 } }));
    assert.equal(reasons.length, 1, what);
    assert.ok(reasons[0]?.includes(`1 as ${what}`), what);
  }
});

test('lists each recorded fault as a reason for failing the soak test', () => {
  const lines = { accepted: 9, lost: 0, doubled: 0, foreign: 0 };
  const faulty: readonly Partial<SoakRecord>[] = [
    { lines: { ...lines, lost: 1 } },
    { lines: { ...lines, doubled: 1 } },
    { lines: { ...lines, foreign: 1 } },
    { streamFaults: 1 },
    { couplesParted: 1 },
    { faults: new Map([['closed by the node: 4500', 1]]) },
    { log: { unexpected: 1, kept: ['{"level":"error"}'] } },
    { lines: { ...lines, accepted: 0 } },
    { samples: [] },
  ];
  for (const changes of faulty) {
    const { reasons } = judge(recordOf(changes));
    assert.equal(reasons.length, 1, JSON.stringify(changes));
  }
});

test('accepts only a positive number of minutes on the command line', () => {
  assert.deepEqual(readOptions([]), { minutes: 30, runtime: 'node', sockets: 0 });
  const { minutes } = readOptions(['--minutes', '0.5']) as SoakOptions;
  assert.equal(minutes, 0.5);
  for (const wrong of ['0', '-1', 'soon', '1e9', '']) {
    assert.match(
      JSON.stringify(readOptions([`--minutes=${wrong}`])),
      /is not a number of minutes/,
      wrong,
    );
  }
  assert.match(JSON.stringify(readOptions(['--hours', '1'])), /--hours/);
});

test('accepts a runtime and up to 15,000 sockets on the command line', () => {
  const options = readOptions(['--runtime', 'node', '--sockets', '15000']) as SoakOptions;
  assert.deepEqual([options.runtime, options.sockets], ['node', 15_000]);
  assert.match(JSON.stringify(readOptions(['--runtime', 'deno'])), /deno.* is not a runtime/);
  for (const wrong of ['15001', '-2', 'many', '1.5', '']) {
    assert.match(
      JSON.stringify(readOptions([`--sockets=${wrong}`])),
      /is not a number of sockets/,
      wrong,
    );
  }
});

test('reads resident memory and open files of another process', () => {
  const { rss } = process.memoryUsage();
  const kib = residentKibOf(process.pid);
  assert.ok(kib > rss / 2_048 && kib < rss / 512, `${kib} KiB, ${rss} bytes`);
  const before = descriptorsOf(process.pid);
  const file = openSync('/dev/null', 'r');
  const during = descriptorsOf(process.pid);
  closeSync(file);
  assert.equal(during['device'], (before['device'] ?? 0) + 1);
  assert.equal(descriptorsOf(process.pid)['device'], before['device']);
});

async function soakSmallProgram(habit: 'tidy' | 'hoards' | 'never-closes'): Promise<SoakRecord> {
  const path = fileURLToPath(import.meta.resolve('./support/small-server.ts'));
  const program = startProgram(process.execPath, ['--inspect=127.0.0.1:0', path, habit]);
  try {
    const [, port] = await program.printed(/listening (\d+)/);
    const [, url = ''] = await program.printed(/Debugger listening on (ws:\S+)/);
    const inspector = await Inspector.connect(url);
    const look = async (): Promise<Holdings> => {
      await inspector.collectGarbage();
      const { memory, resources } = await inspector.look();
      const heapKib = (memory.heapUsed + memory.external) / 1_024;
      const descriptors = descriptorsOf(program.pid);
      // Resident memory is set to zero here, because that of a newly started process still varies.
      return { heapKib, residentKib: 0, descriptors, resources };
    };
    const ask = async (): Promise<void> => {
      const headers = { connection: 'close' };
      await (await fetch(`http://127.0.0.1:${port}`, { headers })).text();
    };
    await ask();
    const before = await look();
    const samples: SoakSample[] = [];
    for (let minute = 1; minute <= 20; minute++) {
      await ask();
      const holdings = await look();
      const sessions = 1_000 * minute;
      // The samples' times come from their index, so that the machine's speed has no effect.
      samples.push({
        elapsedMs: 60_000 * minute,
        sessions,
        people: 0,
        isCollected: true,
        holdings,
        gauges: GONE,
      });
    }
    let after = await look();
    // Waits until the socket of the last answer has closed, which happens shortly after the
    // answer.
    const sockets = before.descriptors['socket'] ?? 0;
    while (habit !== 'never-closes' && (after.descriptors['socket'] ?? 0) > sockets) {
      after = await look();
    }
    inspector.close();
    return recordOf({ samples, before, after, matches: 0 });
  } finally {
    await program.stop('SIGKILL');
  }
}

test('passes a process that leaks neither memory nor files', async () => {
  const { heap, reasons } = judge(await soakSmallProgram('tidy'));
  assert.deepEqual(reasons, []);
  assert.ok(heap.kibPerMinute.interval95[1] < HEAP_KIB_PER_MINUTE_MAX);
});

test('fails a process that keeps 100 KiB per request', async () => {
  const { heap, reasons } = judge(await soakSmallProgram('hoards'));
  const { median } = heap.kibPerMinute;
  assert.ok(median > 90 && median < 130, `${median}`);
  assert.match(reasons.join('\n'), /^The heap grows by at least/);
});

test('fails a process that never closes its files', async () => {
  const { reasons } = judge(await soakSmallProgram('never-closes'));
  assert.match(reasons.join('\n'), /2\d of the kind "device" are open after the load was gone/);
});
