import { type IncomingHttpHeaders, request } from 'node:http';

export interface Question {
  readonly port: number;
  readonly from: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function ask(question: Question): Promise<HttpReply> {
  const { port, from, path, method = 'GET', headers = {}, body = '' } = question;
  return await new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      localAddress: from,
      path,
      method,
      agent: false,
      headers: { Host: `localhost:${port}`, ...headers },
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    asked.end(body);
  });
}
