import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/start-server.ts';
import { PushService } from './push-service.ts';

/**
 * This program runs a server whose only push service is in this process, and prints the path of
 * each notification that the push service gets.
 */
const loaded = loadConfig(process.env, null);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const service = await PushService.start();
service.onReceived = ({ path }) => process.stdout.write(`notified: ${path}\n`);
const { url } = await startServer({
  config: loaded.config,
  pagesDir: join(import.meta.dirname, '../../../web/dist'),
  log: () => {},
  // The page may name each address of the service, of which only a host name is allowed.
  pushRoute: { ...service.route, isKnown: ({ port }) => port === String(service.port) },
});
process.stdout.write(`The push service is at https://localhost:${service.port}\n`);
process.stdout.write(`Farandole is at ${url}\n`);
