import type { Clock, Instant } from '@farandole/kernel/clock';
import { openHttp } from './compose/http.ts';
import { openRealtime } from './compose/realtime.ts';
import { openStorage, startStoreTasks } from './compose/storage.ts';
import { type Config, originsOf } from './config.ts';
import { PagesSource } from './http/pages-source.ts';
import { REFUSED_LINGER_MS } from './limits.ts';
import { Site } from './net/site.ts';
import { CloseError } from './node/close-error.ts';
import { FanOut } from './observe/fan-out.ts';
import type { Log, LogEvent } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import type { StoreThread } from './store/open-store.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly pagesDir: string;
  /** Reloads the page after each build; for development. */
  readonly followPages?: boolean;
  readonly log: Log;
  /** The machine's by default. */
  readonly clock?: Clock;
  /** Accepts the machine's date even if it is far from the one noted; false by default. */
  readonly acceptsDate?: boolean;
  /** `REFUSED_LINGER_MS` by default. */
  readonly refusedLingerMs?: number;
  /** See `openStore`; its own thread by default. */
  readonly storeIn?: StoreThread;
}

export interface RunningServer {
  /** On `localhost`, the port of both loopback addresses. */
  readonly port: number;
  readonly url: string;
  readonly origins: readonly string[];
  /** Lets the first member sign in, once and within an hour; null if there are members. */
  readonly ownerLink: string | null;
  /** Null: metrics are off. */
  readonly metricsPort: number | null;
  /** Refuses new searches; resolves when no call is left or at the deadline; idempotent. */
  drain(): Promise<void>;
  /** @throws CloseError if a file could not be closed; everything else is, and the folder is free */
  close(): Promise<void>;
}

/**
 * Composes the parts and starts one node.
 *
 * @throws StartError for what the operator can fix; nothing is left open or locked then
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const {
    config,
    clock,
    storeIn,
    acceptsDate = false,
    refusedLingerMs = REFUSED_LINGER_MS,
  } = options;
  const events = new FanOut<LogEvent>();
  const ticks = new FanOut<Instant>();
  const metrics = new Metrics();
  events.subscribe(options.log);
  events.subscribe((event) => metrics.observe(event));
  const onUnlisted = sayOnce(events.emit);
  const site = { current: new Site(originsOf(config, config.port)) };

  await using opened = new AsyncDisposableStack();
  const pages = await PagesSource.open(options.pagesDir, options.followPages ?? false);
  opened.defer(() => pages.close());
  const storage = await openStorage({ config, clock, acceptsDate, storeIn, events, ticks });
  opened.defer(() => storage.close());
  const realtime = await openRealtime({
    ...{ config, storage, events, ticks, metrics, refusedLingerMs, onUnlisted },
    site: () => site.current,
  });
  opened.defer(() => realtime.close());
  const { gateway, loop, drain } = realtime;
  const tasks = startStoreTasks({
    ...{ storage, events, ticks },
    people: () => gateway.counts().online,
    onChanged: () => loop.standingsChanged(),
  });
  const onDecided = (): void => tasks.decided();
  const parts = { config, pages, storage, realtime, site, events, ticks, metrics };
  const http = await openHttp({ ...parts, onUnlisted, onDecided });
  opened.defer(() => http.close());

  loop.start();
  const { port, metricsPort, ownerLink } = http;
  events.emit({ event: 'listening', port });
  const closers = opened.move();
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    try {
      await closers.disposeAsync();
    } catch (error) {
      throw new CloseError(error);
    } finally {
      drain.end();
      events.emit({ event: 'stopped' });
    }
  };
  return {
    port,
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    origins: site.current.origins,
    ownerLink,
    metricsPort,
    drain: () => drain.begin(),
    close: () => (closing ??= close()),
  };
}

/** A configuration error shows at every request. Log only the first. */
function sayOnce(log: Log): (what: 'proxy' | 'origin') => void {
  const said = new Set<string>();
  return (what) => {
    if (said.has(what)) return;
    said.add(what);
    log({ event: what === 'proxy' ? 'proxy-not-listed' : 'origin-not-listed' });
  };
}
