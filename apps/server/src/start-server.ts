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
import { sayOnce } from './observe/say-once.ts';
import type { StoreThread } from './store/open-store.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly pagesDir: string;
  /** Whether to reload the page after each build, for development. */
  readonly followPages?: boolean;
  readonly log: Log;
  /** The machine's clock by default. */
  readonly clock?: Clock;
  /** Accepts the machine's date even if it is far from the stored one. False by default. */
  readonly acceptsDate?: boolean;
  /** Delay before a violator is closed. `REFUSED_LINGER_MS` by default. */
  readonly refusedLingerMs?: number;
  /** Where SQLite runs (see `openStore`). In a separate thread by default. */
  readonly storeIn?: StoreThread;
}

export interface RunningServer {
  /** The listening port. On `localhost` it is the same for both loopback addresses. */
  readonly port: number;
  readonly url: string;
  readonly origins: readonly string[];
  /** Signs the first member in, once and within an hour. Null if there are members. */
  readonly ownerLink: string | null;
  /** Port of the metrics; null if they are off. */
  readonly metricsPort: number | null;
  /** Refuses new searches. Resolves when no call is left, or at the deadline. Idempotent. */
  drain(): Promise<void>;
  /** @throws CloseError if a file can't be closed; the rest is closed, and the folder unlocked */
  close(): Promise<void>;
}

/**
 * Composes the parts and starts one node.
 *
 * @throws StartError for a problem that the operator can fix; then no file is left open or locked
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
    onChanged: (subjects) => loop.standingsChanged(subjects),
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
