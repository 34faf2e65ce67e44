import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the server reads of a request, in Node's form. The transport on Bun fills it in. */
export interface IncomingRequest
  extends Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'method' | 'url' | 'complete'> {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress' | 'destroyed'>;
}

/** Receives headers that a response carries unless it sets them itself. */
export interface HeaderSink {
  setHeader(name: string, value: string): ServerResponse | HeaderSink;
}
