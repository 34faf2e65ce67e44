import type { ShieldFileCache } from './shield-download.ts';

/** The name in the browser's Cache API. The service worker's removal deletes every `farandole-`. */
const CACHE_NAME = 'farandole-shield';

/**
 * Keeps the shield's checked files in the browser's Cache API. A browser that blocks or fills up
 * this storage downloads them again instead.
 */
export const browserFileCache: ShieldFileCache = {
  read: async (url) => {
    const response = await quietly(async () => (await open()).match(url));
    return response === undefined
      ? null
      : ((await quietly(async () => new Uint8Array(await response.arrayBuffer()))) ?? null);
  },
  keep: async (url, content) => {
    await quietly(async () => (await open()).put(url, new Response(content)));
  },
  keepOnly: async (urls) => {
    await quietly(async () => {
      const cache = await open();
      const wanted = new Set(urls.map((url) => new URL(url, location.href).href));
      const old = (await cache.keys()).filter((request) => !wanted.has(request.url));
      await Promise.all(old.map((request) => cache.delete(request)));
    });
  },
};

function open(): Promise<Cache> {
  return caches.open(CACHE_NAME);
}

async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
