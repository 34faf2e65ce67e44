import type { TabMessage, Tabs } from './tabs.ts';

const NAME = 'farandole';

/** Returns null if the browser lacks a feature, for example on an address without TLS. */
export function browserTabs(): Tabs | null {
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) return null;
  const { locks } = navigator;
  const channel = new BroadcastChannel(NAME);
  let release: (() => void) | null = null;
  return {
    isBusyElsewhere: async () => {
      // The query rejects if the browser blocks storage. Then no tab can be marked as busy.
      const { held = [] } = await locks.query().catch(() => ({ held: [] }));
      // Another tab may have taken this tab's lock before the answer.
      if (release !== null) return false;
      return held.some(({ name, mode }) => name === NAME && mode === 'exclusive');
    },
    untilFree: async () => {
      await locks.request(NAME, { mode: 'shared' }, () => {});
    },
    occupy: (lost) => {
      if (release !== null) return;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      locks
        .request(NAME, { steal: true }, () => released)
        .catch((error: unknown) => {
          release = null;
          if (error instanceof DOMException && error.name === 'AbortError') lost();
        });
    },
    free: () => {
      release?.();
      release = null;
    },
    send: (message) => channel.postMessage(message),
    listen: (received) =>
      channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => received(data)),
    focus: () => window.focus(),
  };
}
