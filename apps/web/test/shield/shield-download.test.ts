import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import {
  ShieldDownload,
  type ShieldFile,
  type ShieldFileCache,
} from '../../src/shield/worker/shield-download.ts';

const WEIGHTS = Uint8Array.from({ length: 1_000 }, (_, i) => i % 251);
const PROGRAM = Uint8Array.from({ length: 200 }, (_, i) => i % 7);
const CONTENTS = new Map([
  ['/weights', WEIGHTS],
  ['/program', PROGRAM],
]);

const digestOf = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

const FILES: readonly ShieldFile[] = [...CONTENTS].map(([url, content]) => ({
  url,
  byteLength: content.length,
  sha256: digestOf(content),
}));

class FakeCache implements ShieldFileCache {
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();

  read(url: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.kept.get(url) ?? null);
  }

  keep(url: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
    this.kept.set(url, content.slice());
    return Promise.resolve();
  }

  keepOnly(urls: readonly string[]): Promise<void> {
    for (const url of this.kept.keys()) if (!urls.includes(url)) this.kept.delete(url);
    return Promise.resolve();
  }
}

interface Line {
  /** Bytes of each file that arrive before the connection breaks. */
  cutAfter: number;
  /** `silent`: after these bytes nothing more arrives. `error`: the connection breaks. */
  end: 'error' | 'silent';
  ranges: boolean;
  isDown: boolean;
  spoils: boolean;
}

function scene(change: Partial<Line> = {}) {
  const line: Line = {
    cutAfter: Number.POSITIVE_INFINITY,
    end: 'error',
    ranges: true,
    isDown: false,
    spoils: false,
    ...change,
  };
  const asked: string[] = [];
  const cache = new FakeCache();
  const time = new FakeTime();
  const fetch = (url: string, { headers, signal }: RequestInit): Promise<Response> => {
    const range = new Headers(headers).get('range');
    asked.push(range === null ? url : `${url} ${range}`);
    if (line.isDown) return Promise.reject(new TypeError('Failed to fetch'));
    const content = CONTENTS.get(url);
    if (content === undefined) return Promise.resolve(new Response(null, { status: 404 }));
    const from = line.ranges ? Number(/\d+/u.exec(range ?? '')?.[0] ?? 0) : 0;
    const bytes = content.slice(from, from + line.cutAfter);
    if (line.spoils) bytes.fill(3);
    const isCut = from + bytes.length < content.length;
    const end = line.end;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        signal?.addEventListener('abort', () => controller.error(signal.reason));
        controller.enqueue(bytes);
        if (!isCut) controller.close();
      },
      pull: (controller) => {
        // Called once the bytes are read, so the reader gets them before the error.
        if (isCut && end === 'error') controller.error(new TypeError('network error'));
      },
    });
    const part = { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` };
    return Promise.resolve(
      from > 0 ? new Response(body, { status: 206, headers: part }) : new Response(body),
    );
  };
  const download = new ShieldDownload(FILES, {
    fetch,
    sha256: (content) => Promise.resolve(digestOf(content)),
    cache,
  });
  return { line, asked, cache, download, time };
}

describe("download of the shield's files", () => {
  it('[SH-3b] reports the loaded share of all bytes and caches verified files', async () => {
    const { download, cache, asked } = scene();
    cache.kept.set('/old-weights', new Uint8Array(3));
    const shares: number[] = [];
    assert.deepEqual(await download.load((share) => shares.push(share)), [WEIGHTS, PROGRAM]);
    assert.equal(shares[0], 0);
    assert.equal(shares.at(-1), 1);
    assert.ok(shares.includes(1_000 / 1_200) || shares.includes(200 / 1_200));
    assert.deepEqual(asked, ['/weights', '/program']);
    assert.deepEqual(new Set(cache.kept.keys()), new Set(['/weights', '/program']));
  });

  it('[SH-3b] uses cached shield files without a request unless they were changed', async () => {
    const { download, cache, asked } = scene();
    await cache.keep('/weights', WEIGHTS);
    await cache.keep(
      '/program',
      PROGRAM.map((byte) => byte + 1),
    );
    assert.deepEqual(await download.load(() => {}), [WEIGHTS, PROGRAM]);
    assert.deepEqual(asked, ['/program']);
    assert.deepEqual(cache.kept.get('/program'), PROGRAM);
  });

  it('[SH-3a] continues a download at once if bytes arrived before the interruption', async () => {
    const { download, asked } = scene({ cutAfter: 400 });
    assert.deepEqual(await download.load(() => {}), [WEIGHTS, PROGRAM]);
    assert.deepEqual(
      asked.filter((request) => request.startsWith('/weights')),
      ['/weights', '/weights bytes=400-', '/weights bytes=800-'],
    );
  });

  it('[SH-3a] fails when no more bytes arrive and continues on the next call', async () => {
    const { download, line, asked } = scene({ cutAfter: 300, end: 'silent' });
    const first = download.load(() => {});
    const failed = assert.rejects(first);
    await new FakeTime().quiet();
    line.cutAfter = Number.POSITIVE_INFINITY;
    const shares: number[] = [];
    assert.deepEqual(await download.load((share) => shares.push(share)), [WEIGHTS, PROGRAM]);
    await failed;
    assert.equal(shares[0], 500 / 1_200);
    assert.deepEqual(asked, ['/weights', '/program', '/weights bytes=300-']);
  });

  it('[SH-3a] distinguishes a download that never began from an interrupted one', async () => {
    const { download, line } = scene({ isDown: true });
    await assert.rejects(download.load(() => {}));
    assert.equal(download.isBegun, false);
    line.isDown = false;
    line.cutAfter = 0;
    await assert.rejects(download.load(() => {}));
    assert.equal(download.isBegun, false);
    line.cutAfter = 10;
    const cut = download.load((share) => {
      line.isDown = share > 0;
    });
    await assert.rejects(cut);
    assert.ok(download.isBegun);
  });

  it('[SH-3a] restarts a download if the server doesn’t support byte ranges', async () => {
    const { download, line } = scene({ cutAfter: 300, ranges: false });
    const shares: number[] = [];
    const loading = download.load((share) => {
      shares.push(share);
      if (share > 0) line.cutAfter = Number.POSITIVE_INFINITY;
    });
    assert.deepEqual(await loading, [WEIGHTS, PROGRAM]);
    assert.equal(shares.at(-1), 1);
  });

  it('[SH-3] refuses and deletes a downloaded file with another digest', async () => {
    const { download, line, cache } = scene({ spoils: true });
    await assert.rejects(
      download.load(() => {}),
      /another digest/,
    );
    assert.equal(cache.kept.size, 0);
    line.spoils = false;
    assert.deepEqual(await download.load(() => {}), [WEIGHTS, PROGRAM]);
  });

  it('[SH-3] refuses a downloaded file that is too long', async () => {
    const { cache } = scene();
    const [weights] = FILES;
    assert.ok(weights !== undefined);
    const download = new ShieldDownload([{ ...weights, byteLength: 999 }], {
      fetch: () => Promise.resolve(new Response(WEIGHTS)),
      sha256: (content) => Promise.resolve(digestOf(content)),
      cache,
    });
    await assert.rejects(
      download.load(() => {}),
      /longer than 999 bytes/,
    );
    assert.equal(download.isBegun, false);
  });
});
