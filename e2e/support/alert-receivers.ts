import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

export interface ReceivedAlert {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An operator's webhook on this machine. */
export class Webhook {
  readonly received: ReceivedAlert[] = [];
  /** Status of the answers to the next requests. */
  status = 204;
  readonly #server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      this.received.push({
        headers: request.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      });
      response.writeHead(this.status).end();
    });
  });

  static async start(): Promise<Webhook> {
    const webhook = new Webhook();
    await listening(webhook.#server);
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/alerts`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

/** A mail server on this machine, with as much of SMTP (RFC 5321) as a client needs. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Whether the server refuses every recipient. */
  refuses = false;
  readonly #server = createServer((socket) => {
    let from = '';
    let to: string[] = [];
    let data: string[] | null = null;
    let rest = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
      switch (verb) {
        case 'MAIL':
          from = address;
          to = [];
          return say('250 OK');
        case 'RCPT':
          if (this.refuses) return say('550 No such mailbox');
          to.push(address);
          return say('250 OK');
        case 'DATA':
          data = [];
          return say('354 Go on');
        case 'QUIT':
          say('221 Bye');
          socket.end();
          return;
        default:
          return say('250 mail.example');
      }
    };
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (data === null) command(line);
        else if (line === '.') {
          this.received.push({ from, to, text: data.join('\n') });
          data = null;
          say('250 Taken');
        } else data.push(line.startsWith('.') ? line.slice(1) : line);
      }
    });
    say('220 mail.example');
  });

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    await listening(server.#server);
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${portOf(this.#server)}`;
  }

  async close(): Promise<void> {
    await new Promise((done) => this.#server.close(done));
  }
}

async function listening(server: Server): Promise<void> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
