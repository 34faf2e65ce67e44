import type { Clock, Instant } from '@farandole/kernel/clock';
import { openHttp } from './compose/http.ts';
import { openRealtime } from './compose/realtime.ts';
import { openStorage, startStoreTasks } from './compose/storage.ts';
import { type Config, originsOf } from './config.ts';
import { PagesSource } from './http/pages-source.ts';
import { REFUSED_HELD_MS } from './limits.ts';
import { Site } from './net/site.ts';
import { CloseError } from './node/close-error.ts';
import { FanOut } from './observe/fan-out.ts';
import type { Log, LogEvent } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import type { StorePlace } from './store/open-store.ts';

export interface ServerOptions {
  readonly config: Config;
  /** The built page. */
  readonly pagesDir: string;
  /** Reads the page again whenever it is rebuilt; for development. */
  readonly followPages?: boolean;
  readonly log: Log;
  /** The machine's by default. */
  readonly clock?: Clock;
  /** Start with the machine's date even if it is far from the one noted; false by default. */
  readonly acceptsDate?: boolean;
  /** `REFUSED_HELD_MS` by default. */
  readonly refusedHeldMs?: number;
  /** Where the store works, as `openStore` takes it; in its own thread by default. */
  readonly storeIn?: StorePlace;
}

/** One node that serves people. */
export interface RunningServer {
  /** Where it listens; on `localhost`, by both loopback addresses. */
  readonly port: number;
  /** Such as `http://localhost:8080`. */
  readonly url: string;
  /** The addresses under which the page may be opened. */
  readonly origins: readonly string[];
  /** Where the first member comes in, as long as there is none; once, and for an hour. */
  readonly ownerLink: string | null;
  /** Null: there are no metrics. */
  readonly metricsPort: number | null;
  /**
   * Begins to stop: refuses new searches, lets calls go on. Resolves when no call is left or the
   * deadline has passed; idempotent.
   */
  drain(): Promise<void>;
  /**
   * Closes every socket and file. The data folder is free for another node afterwards.
   *
   * @throws CloseError if a file could not be closed; everything else is
   */
  close(): Promise<void>;
}

/**
 * Composes the parts and starts one node.
 *
 * @throws StartError for what the operator can fix; nothing is left open or locked then
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, clock, storeIn, acceptsDate = false, refusedHeldMs = REFUSED_HELD_MS } = options;
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
    ...{ config, storage, events, ticks, metrics, refusedHeldMs, onUnlisted },
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

/** A fault of the configuration shows at every request, and is said at the first. */
function sayOnce(log: Log): (what: 'proxy' | 'origin') => void {
  const said = new Set<string>();
  return (what) => {
    if (said.has(what)) return;
    said.add(what);
    log({ event: what === 'proxy' ? 'proxy-not-listed' : 'origin-not-listed' });
  };
}
