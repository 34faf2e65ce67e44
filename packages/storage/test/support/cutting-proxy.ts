import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** PostgreSQL's name for the socket of port 5432. */
const SOCKET = '.s.PGSQL.5432';
const COMMIT = Buffer.from('commit\0');

export interface CuttingProxy {
  readonly url: string;
  /** Number of connections that the proxy has cut. */
  readonly cuts: number;
  /** Cuts the connection at the next commit, before the database gets it or before its answer. */
  cutAtCommit(when: 'before it' | 'before the answer'): void;
  /** Cuts all connections at the next commit, before its answer, and refuses new ones. */
  goAwayAtCommit(): void;
  /** Carries nothing over the connections that are open, and leaves them open. New ones work. */
  silence(): void;
  /** Number of the silent connections that are still open. */
  readonly silent: number;
  comeBack(): void;
  close(): Promise<void>;
}

/** Starts a proxy between a store and its database. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const folder = await temporaryFolder();
  const upstream = join(decodeURIComponent(new URL(url).hostname), SOCKET);
  const sockets = new Set<Socket>();
  const silent = new Set<Socket>();
  let cut: 'before it' | 'before the answer' | null = null;
  let cuts = 0;
  let goesAway = false;
  let isAway = false;
  const server = createServer((client) => {
    const database = createConnection(upstream);
    const both = [client, database];
    const destroy = (): void => {
      for (const one of both) one.destroy();
    };
    for (const one of both) {
      sockets.add(one);
      one.on('error', destroy);
      one.on('close', () => {
        sockets.delete(one);
        silent.delete(one);
        destroy();
      });
    }
    if (isAway) {
      destroy();
      return;
    }
    let isCut = false;
    client.on('data', (chunk) => {
      if (silent.has(client)) return;
      if (cut === null || !chunk.includes(COMMIT)) {
        database.write(chunk);
        return;
      }
      isCut = true;
      cuts += 1;
      if (cut === 'before it') destroy();
      else database.write(chunk);
      cut = null;
    });
    database.on('data', (chunk) => {
      if (!isCut) {
        client.write(chunk);
        return;
      }
      isAway = goesAway;
      if (isAway) for (const socket of sockets) socket.destroy();
      destroy();
    });
  });
  server.listen(join(folder.path, SOCKET));
  await once(server, 'listening');
  const database = new URL(url).pathname;
  return {
    url: `postgres://postgres@${encodeURIComponent(folder.path)}${database}`,
    get cuts() {
      return cuts;
    },
    cutAtCommit: (when) => {
      cut = when;
    },
    goAwayAtCommit: () => {
      cut = 'before the answer';
      goesAway = true;
    },
    silence: () => {
      for (const socket of sockets) silent.add(socket);
    },
    get silent() {
      return silent.size;
    },
    comeBack: () => {
      goesAway = false;
      isAway = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await folder.remove();
    },
  };
}
